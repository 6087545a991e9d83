// The list of plugins that a broker has turned on, as its file has it.

const isPlugin = (name: string): boolean => /^[a-z][a-z0-9_]*$/.test(name)

/** The names in a term of Erlang such as `[rabbitmq_management,rabbitmq_shovel].`, sorted. */
export const pluginsIn = (term: string): string[] =>
  term
    .replaceAll(/%.*/g, '')
    .split(/[[\],.\s']+/)
    .filter(isPlugin)
    .toSorted()

/** What such a file must say; a name that could be more than a name is left out. */
export const pluginsTerm = (names: string[]): string => `[${names.filter(isPlugin).join(',')}].\n`
