import { type Dotenv, parseDotenv, plainProblems } from '../app/dotenv.ts'
import type { SourceValues } from './source.ts'

/** The values of a text in the form of a `.env` file that nobody but Zarpe reads. */
export const dotenvSource = (source: string, text: string): SourceValues => {
  const read = parseDotenv(source, text)
  return sourceOf(source, read, read.problems)
}

/** As `dotenvSource`, of a file in plain. */
export const plainSource = (file: string, text: string): SourceValues => {
  const read = parseDotenv(file, text)
  return sourceOf(file, read, plainProblems(read))
}

const sourceOf = (
  source: string,
  { values, lines }: Dotenv,
  problems: SourceValues['problems'],
): SourceValues => ({
  source,
  values,
  places: Object.fromEntries(
    Object.entries(lines).map(([name, line]) => [name, { file: source, line, column: 1 }]),
  ),
  problems,
})
