import { parseDotenv } from '../app/dotenv.ts'
import type { SourceValues } from './source.ts'

/** The values of a text in the form of a `.env` file. */
export const dotenvSource = (source: string, text: string): SourceValues => {
  const { values, lines, problems } = parseDotenv(source, text)
  return {
    source,
    values,
    places: Object.fromEntries(
      Object.entries(lines).map(([name, line]) => [name, { file: source, line, column: 1 }]),
    ),
    problems,
  }
}
