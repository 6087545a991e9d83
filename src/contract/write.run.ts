import { parseDotenv } from '../app/dotenv.ts'
import { readText, within, writeDurable } from '../io/host/durable.ts'
import { Problems } from '../problem/problem.ts'
import { withValue } from './edit.ts'

/**
 * Sets values in an environment's file, which is created if it is not there, and is readable by its
 * owner alone afterwards. Nothing is written if a line of the file is not clear.
 */
export const writeValues = async (
  folder: string,
  file: string,
  values: Record<string, string>,
): Promise<void> => {
  const path = within(folder, file)
  const before = (await readText(path)) ?? ''
  const { problems } = parseDotenv(file, before)
  if (problems.length > 0) throw new Problems(problems)
  const after = Object.entries(values).reduce(
    (text, [name, value]) => withValue(text, name, value),
    before,
  )
  await writeDurable(path, after, 0o600)
}
