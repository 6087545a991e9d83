// What becomes of each feature of the @env-spec syntax: a file that was written for varlock is read,
// and what has no effect here is named with the reason.

export type Fate = 'honoured' | 'set aside' | 'refused'
export type FeatureFate = { fate: Fate; why: string }

const honoured = (why: string): FeatureFate => ({ fate: 'honoured', why })
const aside = (why: string): FeatureFate => ({ fate: 'set aside', why })
const refused = (why: string): FeatureFate => ({ fate: 'refused', why })

/** Decorators in the header, by name. */
export const rootDecorators: Record<string, FeatureFate> = {
  currentEnv: honoured('that variable holds the name of the environment unless its file sets it'),
  envFlag: honoured('the older form of `@currentEnv`'),
  defaultRequired: honoured('`true`, `false` or `infer`; `infer` is the default'),
  defaultSensitive: honoured('`true`, `false` or `inferFromPrefix(…)`'),
  disable: refused('a contract that is switched off would check nothing; remove the file instead'),
  import: refused('the contract is one file; copy what it imports into it'),
  setValuesBulk: refused('values come from the environment’s own sources only'),
  plugin: aside('types and decorators of plugins are not known here and check nothing'),
  redactLogs: aside('it concerns a program that runs under varlock'),
  preventLeaks: aside('it concerns a program that runs under varlock'),
  defaultDynamic: aside('it concerns how values are built into a program'),
  disableProcessEnvInjection: aside('it concerns a program that runs under varlock'),
  cache: aside('Zarpe evaluates nothing that could be cached'),
  proxyConfig: aside('it concerns a program that runs under varlock'),
}

/** Decorators that make code of one language or another: their number grows. */
export const generators = /^generate[A-Z]\w*$/
export const generatorFate = aside('Zarpe generates no code')

/** Decorators of a variable, by name. */
export const itemDecorators: Record<string, FeatureFate> = {
  required: honoured('`true`, `false`, `forEnv(…)`, or a condition upon other variables'),
  optional: honoured('the opposite of `@required`'),
  sensitive: honoured('a secret has no default, and its value is never shown'),
  public: honoured('the opposite of `@sensitive`'),
  type: honoured('the format of the value; see the types below'),
  example: honoured('shown as the format that is expected'),
  docs: honoured('shown beside a problem with the value'),
  docsUrl: honoured('the older form of `@docs`'),
  deprecated: aside('a deprecated variable is checked like any other'),
  internal: aside('the Compose file says which service gets which variable'),
  dynamic: aside('it concerns how values are built into a program'),
  static: aside('it concerns how values are built into a program'),
  tag: aside('Zarpe has no filters by tag'),
  icon: aside('Zarpe draws no icons'),
  proxy: aside('it concerns a program that runs under varlock'),
}

/** Functions that Zarpe evaluates. All others are not: exec, remap, random…, and those of plugins. */
export const functions: Record<string, string> = {
  ref: 'the value of another variable; also `$NAME` and `${NAME}`',
  concat: 'texts joined; also `a${NAME}b`; no value if one of them has none',
  fallback: 'the first that is not empty; also `${NAME:-text}`',
  forEnv: 'whether the environment is one of these',
  eq: 'whether two are equal',
  if: 'one of two, by a condition',
  ifs: 'the first whose condition holds',
  not: 'the opposite',
  and: 'whether all hold',
  or: 'whether one holds',
  isEmpty: 'whether a variable has no value',
  regex: 'a pattern, for `matches`',
}
