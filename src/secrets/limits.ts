import type { ProblemData } from '../problem/problem.ts'
import { environmentBytesMax, valueBytesMax } from '../app/limits.ts'
import type { MergedValues, SourceValues } from './source.ts'

/** Values that could not reach a container byte for byte. None is ever told. */
export const limitProblems = (sources: SourceValues[], merged: MergedValues): ProblemData[] => [
  ...sources.flatMap((source) =>
    Object.entries(source.values).flatMap(([name, value]) => valueProblems(source, name, value)),
  ),
  ...tooMuch(merged.values),
]

const valueProblems = (source: SourceValues, name: string, value: string): ProblemData[] => {
  const at = source.places[name]
  const place = at ? { place: at } : {}
  const from = at ? '' : ` (from ${source.source})`
  const bytes = Buffer.byteLength(`${name}=${value}`)
  if (value.includes('\0'))
    return [
      {
        code: 'environment/nul',
        summary: 'A value holds a NUL byte, which no environment variable can.',
        detail: `\`${name}\`${from} would end at that byte.`,
        ...place,
        fix: ['Encode it, for example as base64, and decode it in the app.'],
      },
    ]
  if (bytes <= valueBytesMax) return []
  return [
    {
      code: 'environment/too-long',
      summary: 'A value is too long for an environment variable.',
      detail: `\`${name}\`${from} has ${bytes} bytes; Linux starts no program with more than ${valueBytesMax}.`,
      ...place,
      fix: ['Put it into a file that the app reads.'],
    },
  ]
}

const tooMuch = (values: Record<string, string>): ProblemData[] => {
  const bytes = Buffer.byteLength(Object.entries(values).flat().join('  '))
  if (bytes <= environmentBytesMax) return []
  return [
    {
      code: 'environment/too-much',
      summary: 'The values of the environment are too large together.',
      detail: `They have ${bytes} bytes; ${environmentBytesMax} are the most a program is started with.`,
      fix: ['Put large values into files that the app reads.'],
    },
  ]
}
