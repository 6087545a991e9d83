import type { Place, ProblemData } from '../problem/problem.ts'

/** The values that one source gives, by name. */
export type SourceValues = {
  /** How the source is called in everything that is said: a file's name, `process environment`, … */
  source: string
  values: Record<string, string>
  /** Where each value was set, for sources that have lines. */
  places: Record<string, Place>
  problems: ProblemData[]
}

/** All sources joined. */
export type MergedValues = {
  values: Record<string, string>
  places: Record<string, Place>
  /** The sources that have each name, the one that counts first. */
  sources: Record<string, string[]>
  /** All sources, the weakest first, also those that have nothing. */
  order: string[]
}

/** A source without values, because it is not there or could not be read. */
export const noValues = (source: string, problems: ProblemData[] = []): SourceValues => ({
  source,
  values: {},
  places: {},
  problems,
})

/** Joins sources that are given in rising order of precedence: the last that has a name wins. */
export const mergeSources = (rising: SourceValues[]): MergedValues => {
  const names = [...new Set(rising.flatMap(({ values }) => Object.keys(values)))]
  const owners = names.map((name): [string, SourceValues[]] => [
    name,
    rising.filter(({ values }) => Object.hasOwn(values, name)).toReversed(),
  ])
  return {
    // `fromEntries` defines properties, so that a variable named `__proto__` is one like any other.
    values: Object.fromEntries(owners.map(([name, [first]]) => [name, first!.values[name]!])),
    places: Object.fromEntries(
      owners.flatMap(([name, [first]]) => {
        const place = first!.places[name]
        return place ? [[name, place]] : []
      }),
    ),
    sources: Object.fromEntries(
      owners.map(([name, having]) => [name, having.map(({ source }) => source)]),
    ),
    order: rising.map(({ source }) => source),
  }
}

/** One line for each stronger source that has some of these names, which were just written to a weaker one. */
export const outrankedNotes = (
  { sources, order }: Pick<MergedValues, 'sources' | 'order'>,
  written: string,
  names: string[],
): string[] =>
  order.slice(order.indexOf(written) + 1).flatMap((source) => {
    const hidden = names.filter((name) => (sources[name] ?? [])[0] === source)
    return hidden.length > 0 ? [`${source} has ${hidden.join(', ')} too, and wins here`] : []
  })

/** One line for each pair of sources that both have a name, so that nobody wonders which counts. */
export const overlapNotes = ({ sources }: Pick<MergedValues, 'sources'>): string[] => {
  const byPair = new Map<string, string[]>()
  for (const [name, [winner, ...others]] of Object.entries(sources)) {
    if (others.length === 0) continue
    const pair = `from ${winner}, not from ${others.join(' or ')}`
    byPair.set(pair, [...(byPair.get(pair) ?? []), name])
  }
  return [...byPair].map(([pair, names]) => `${pair}: ${names.toSorted().join(', ')}`)
}
