import {
  DockerfileParser,
  type Instruction as Parsed,
  type PropertyInstruction,
} from 'dockerfile-ast'

/** One instruction of a Dockerfile. Lines and columns count from 1. */
export type Instruction = {
  /** In capitals: `RUN`. */
  keyword: string
  /** Everything after the keyword and its flags, lines joined. */
  text: string
  /** The arguments, without quotes and brackets in the exec form. */
  words: string[]
  flags: { name: string; value: string }[]
  isExec: boolean
  /** Of `ENV` and `ARG`; the value is null if there is none. */
  variables: { name: string; value: string | null; line: number; column: number }[]
  line: number
  column: number
}

export type Stage = {
  /** As named by `AS`; null if it has no name. */
  name: string | null
  /** What it starts from, arguments filled in: `node:24-slim`, or the name of another stage. */
  from: string
  parent: Stage | null
  instructions: Instruction[]
  line: number
  column: number
}

/** The stages of a Dockerfile. Never throws; what is no Dockerfile has none. */
export const parseStages = (text: string): Stage[] => {
  const stages: Stage[] = []
  const globals: Record<string, string> = {}
  for (const parsed of DockerfileParser.parse(text).getInstructions()) {
    const instruction = read(parsed)
    if (instruction.keyword === 'FROM') stages.push(stageOf(instruction, stages, globals))
    else if (stages.length > 0) stages.at(-1)!.instructions.push(instruction)
    else for (const { name, value } of instruction.variables) globals[name] = value ?? ''
  }
  return stages
}

/** The stage that a build ends with: the one named, or the last. */
export const finalStage = (stages: Stage[], target: string | null): Stage | null =>
  stages.findLast((stage) => target === null || stage.name === target.toLowerCase()) ?? null

/** A stage's own instructions after those of the stages it starts from. */
export const lineage = (stage: Stage): Stage[] =>
  stage.parent ? [...lineage(stage.parent), stage] : [stage]

/** The instruction that names the user of a stage's image; undefined if that is up to what it is built on. */
export const userOf = (stage: Stage): Instruction | undefined =>
  lineage(stage)
    .flatMap(({ instructions }) => instructions)
    .findLast(({ keyword }) => keyword === 'USER')

/** Whether a `USER`, or a Compose file's `user`, is root. */
export const isRoot = (user: string | undefined): boolean => /^(root|0)(:|$)/.test(user ?? '')

/** What a stage is built on in the end: an image of a registry. */
export const baseOf = (stage: Stage): string => lineage(stage)[0]!.from

const stageOf = (from: Instruction, before: Stage[], globals: Record<string, string>): Stage => {
  const image = (from.words[0] ?? '').replaceAll(
    /\$\{?(\w+)(?::-([^}]*))?\}?/g,
    (_all, name: string, fallback: string | undefined) => globals[name] || (fallback ?? ''),
  )
  const named = from.words[1]?.toLowerCase() === 'as' ? from.words[2] : undefined
  return {
    name: named?.toLowerCase() ?? null,
    from: image,
    parent: before.findLast((stage) => stage.name === image.toLowerCase()) ?? null,
    instructions: [],
    line: from.line,
    column: from.column,
  }
}

const read = (parsed: Parsed): Instruction => {
  const { start } = parsed.getRange()
  const keyword = parsed.getKeyword().toUpperCase()
  const text = parsed.getArgumentsContent() ?? ''
  const isExec = /^\s*\[/.test(text.replace(/^(\s*--\S+)*/, ''))
  return {
    keyword,
    text,
    words: (isExec ? jsonWords(text) : null) ?? parsed.getArguments().map(unquoted),
    flags: flagsOf(parsed),
    isExec,
    variables: keyword === 'ENV' || keyword === 'ARG' ? variablesOf(parsed) : [],
    line: start.line + 1,
    column: start.character + 1,
  }
}

const unquoted = (word: { getValue(): string }) => word.getValue().replaceAll(/^["']|["']$/g, '')

const jsonWords = (text: string): string[] | null => {
  try {
    const words: unknown = JSON.parse(text.slice(text.indexOf('[')))
    return Array.isArray(words) ? words.map(String) : null
  } catch {
    return null
  }
}

const flagsOf = (parsed: Parsed) => {
  const { getFlags } = parsed as {
    getFlags?: () => { getName(): string; getValue(): string | null }[]
  }
  return (getFlags?.call(parsed) ?? []).map((flag) => ({
    name: flag.getName(),
    value: flag.getValue() ?? '',
  }))
}

const variablesOf = (parsed: Parsed) =>
  (parsed as PropertyInstruction).getProperties().map((property) => {
    const { start } = property.getRange()
    return {
      name: property.getName(),
      value: property.getValue(),
      line: start.line + 1,
      column: start.character + 1,
    }
  })
