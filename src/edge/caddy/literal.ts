/**
 * A text that means itself where Caddy replaces what stands in braces. It takes a backslash before a brace away, of
 * either kind, so each gets one.
 */
export const literally = (text: string): string => text.replace(/[{}]/g, '\\$&')
