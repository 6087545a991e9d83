/** A moment of ISO 8601 to the minute, as people read it: `2026-01-31 03:00`. */
export const minuteOf = (at: string): string => at.slice(0, 16).replace('T', ' ')
