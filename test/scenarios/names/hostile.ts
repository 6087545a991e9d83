import fc from 'fast-check'

// Names that would do something if anything on the way handed them to a shell, took them for an
// option, expanded them as a template, or followed them out of a folder.

/** The file that any of them would make; a name of its own, so that it can be looked for anywhere. */
export const canary = 'zq-canary-file'

const parts = {
  /** How a command gets out of the text around it. */
  before: ['', "'", '"', "';", '";', "')", '")', '\\', ' ', '-', '--x=', '%0a', '..', '.', '#'],
  /** How it is begun and ended. */
  around: [
    ['$(', ')'],
    ['`', '`'],
    [';', ';'],
    ['|', '|'],
    ['&&', '&&'],
    ['||', '#'],
    ['<(', ')'],
    ['>', ''],
    ['\n', '\n'],
    ['{{', '}}'],
    ['${', '}'],
    ['-oProxyCommand=', ''],
    ['--upload-pack=', ''],
  ],
  after: ['', "'", '"', '#', ' ', '\\', '*', '?', '🚢', 'é', '\u202e', '.lock', '~'],
} as const

const texts = fc
  .record({
    before: fc.constantFrom(...parts.before),
    around: fc.constantFrom(...parts.around),
    after: fc.constantFrom(...parts.after),
    space: fc.constantFrom(' ', '${IFS}', '\t'),
  })
  .map(
    ({ before, around: [open, close], after, space }) =>
      `${before}${open}touch${space}${canary}${close}${after}`,
  )

/** So many hostile names; the same ones each time, unless ZARPE_SEED says otherwise. */
export const hostileNames = (count: number): string[] =>
  fc.sample(texts, { numRuns: count, seed: Number(process.env['ZARPE_SEED'] ?? 11) })

/** What is left of a name where neither a blank nor a line's end can be: on a branch, in a tag. */
export const withoutBlanks = (name: string) =>
  name
    .replaceAll(/[ \t\n]/g, '${IFS}')
    .replaceAll(/[\\~^:?*[\u202e]|\.\.|@\{|\.lock$/g, '')
    .replace(/^[-.]+/, '')
    .replace(/\.$/, '')
