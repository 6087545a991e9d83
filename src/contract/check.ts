import type { Place, ProblemData } from '../problem/problem.ts'
import { acrossProblems } from './across.ts'
import { unevaluated } from './evaluate.ts'
import type { Contract } from './model.ts'
import { badValue, missingValue, placeholderValue, strayValue } from './problems.ts'
import { type Resolved, resolveContract } from './resolve.ts'
import { isPlaceholder } from './types/secret.ts'
import { judge, typeNamed } from './types/table.ts'

/** What a contract is checked against, besides the values themselves. */
export type CheckContext = {
  /** Name of the environment. */
  environment: string
  /** The file to which a missing value would be added. */
  file: string
  /** Where each value was set; a value without a place is told at the contract's line. */
  places: Record<string, Place>
  /** Whether a source of values could not be read whole, so that a missing value may be in it. */
  unclear?: boolean
  /** What the edge serves; `service` is who answers. */
  routes: { domain: string; service: string }[]
  /** Services of the Compose file; null if they are not known yet, which leaves out what needs them. */
  services: { name: string; ports: number[]; variables: string[] }[] | null
}

/** Everything that is wrong with an environment's values. No text holds a value or a part of one. */
export const checkContract = (
  contract: Contract,
  values: Record<string, string>,
  context: CheckContext,
): ProblemData[] => {
  const judged = resolveContract(contract, values, context.environment).map((resolved) => ({
    resolved,
    problems: valueProblems(resolved, context),
  }))
  const own = judged.flatMap(({ problems }) => problems)
  const right = judged.flatMap(({ resolved, problems }) =>
    problems.length === 0 ? [resolved] : [],
  )
  return inOrder([...own, ...acrossProblems(right, context)])
}

/** Without the unset variables of Compose that the contract tells of too, and better. */
export const toldOnce = (problems: ProblemData[]): ProblemData[] => {
  const missing = problems.filter(({ code }) => code === 'contract/missing-value')
  return withoutUnset(problems, new Set(missing.flatMap((each) => nameIn(each) ?? [])))
}

/** Without the unset variables of Compose that are among these names. */
export const withoutUnset = (problems: ProblemData[], names: Set<string>): ProblemData[] =>
  problems.filter(
    (each) => each.code !== 'compose/unset-variable' || !names.has(nameIn(each) ?? ''),
  )

const nameIn = ({ detail }: ProblemData) => /^`(\w+)`/.exec(detail)?.[1]

/** What is wrong with one value by itself, wherever it is about to be written. */
export const checkValue = (
  contract: Contract,
  values: Record<string, string>,
  name: string,
  { environment, file }: Pick<CheckContext, 'environment' | 'file'>,
): ProblemData[] => {
  const places = { [name]: { file, line: 1, column: 1 } }
  return resolveContract(contract, values, environment)
    .filter(({ variable }) => variable.name === name)
    .flatMap((each) =>
      valueProblems(each, { environment, file, places, routes: [], services: null }),
    )
    .map(({ place: _place, ...rest }) => rest)
}

/** Names of values that the contract lacks, when one of its own is nearly the same and has none. */
export const strayNames = (contract: Contract, values: Record<string, string>): string[] => {
  const declared = contract.variables.map(({ name }) => name)
  const bare = (name: string) => name.toLowerCase().replaceAll('_', '').replace(/s$/, '')
  return Object.keys(values)
    .filter((name) => !declared.includes(name))
    .flatMap((name) => {
      const close = declared.find(
        (each) => !Object.hasOwn(values, each) && (bare(each) === bare(name) || isSwap(each, name)),
      )
      return close ? [strayValue(name, close)] : []
    })
}

/** Whether two names differ in one letter, or in the order of two. */
const isSwap = (left: string, right: string) => {
  if (Math.abs(left.length - right.length) > 1 || left.length < 5) return false
  let start = 0
  while (start < left.length && left[start] === right[start]) start += 1
  const rest = (text: string, from: number) => text.slice(start + from)
  return (
    rest(left, 1) === rest(right, 1) ||
    rest(left, 1) === rest(right, 0) ||
    rest(left, 0) === rest(right, 1) ||
    (rest(left, 2) === rest(right, 2) &&
      left[start] === right[start + 1] &&
      left[start + 1] === right[start])
  )
}

const valueProblems = (resolved: Resolved, context: CheckContext): ProblemData[] => {
  const { variable, use, required, value, isDefault } = resolved
  const type = use ? typeNamed(use.name) : null
  const format = use && type ? type.format(use) : 'a text'
  const expected = variable.example ? `${format}, for instance ${variable.example}` : format
  const generates = type?.generate !== undefined
  if (value === undefined) {
    if (!required || context.unclear) return []
    const why = whyNone(resolved)
    const place = variable.place
    return [
      missingValue(variable.name, expected, {
        place,
        file: context.file,
        environment: context.environment,
        why,
        generates,
      }),
    ]
  }
  const place = (isDefault ? undefined : context.places[variable.name]) ?? variable.place
  const wrong = use ? judge(value, use) : null
  if (wrong !== null)
    return [
      badValue(variable.name, wrong, expected, {
        place,
        declared: variable.place,
        more: [...otherForm(variable.name, wrong), ...variable.docs.map((each) => `See ${each}`)],
        generates,
        environment: context.environment,
      }),
    ]
  // A user or a bucket may well be called so; only what is surely a secret may not.
  const isSecret = variable.sensitive && variable.surely
  return isSecret && isPlaceholder(value) ? [placeholderValue(variable.name, place)] : []
}

/** A list in the other form is mended on one of two sides; only the author of the app knows which. */
const otherForm = (name: string, wrong: string): string[] =>
  wrong.startsWith('it is a JSON list')
    ? [`Or, if the app reads JSON, say so in .env.schema: format=json in the type of ${name}`]
    : wrong.startsWith('it is no JSON list')
      ? [`Or, if the app reads a,b: remove format=json from the type of ${name} in .env.schema`]
      : []

/** Why a default gives no value. */
const whyNone = ({ variable, lacks }: Resolved): string => {
  if (lacks.length > 0) return ` Its default is made from ${lacks.join(', ')}, without a value too.`
  const odd = variable.default ? unevaluated(variable.default) : []
  return odd.length > 0
    ? ` Its default in the contract is ${odd[0]}(…), which Zarpe does not evaluate.`
    : ''
}

/** By file and line, so that each can be gone through from top to bottom. */
const inOrder = (problems: ProblemData[]) =>
  problems.toSorted(
    (left, right) =>
      (left.place?.file ?? '').localeCompare(right.place?.file ?? '') ||
      (left.place?.line ?? 0) - (right.place?.line ?? 0),
  )
