// Swarm takes `{{ … }}` in a service's environment for a Go template of its own and would put
// something else there, or refuse the service with the whole value in its message.

/** A text that Swarm expands to exactly this one. */
export const unexpanded = (text: string): string => text.replaceAll('{{', () => '{{"{{"}}')

/** The text that Swarm makes of an `unexpanded` one. */
export const expanded = (text: string): string => text.replaceAll('{{"{{"}}', () => '{{')
