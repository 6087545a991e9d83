import { environmentBytesMax } from '../app/limits.ts'
import { run } from '../io/host/processes/process.ts'
import { messageOf } from '../problem/problem.ts'
import { notUsable, programSource, valuesPrinted } from './program.ts'
import { noValues, type SourceValues } from './source.ts'
import { utf8 } from '../io/host/files/utf8.ts'

/**
 * The values that a program prints, such as `op`, `vault` or `pass`. It runs in the project's folder,
 * without a shell and within a limit; it has this process's environment but for Zarpe's own key.
 */
export const loadProgram = async (
  folder: string,
  argv: string[],
  limitMs: number,
): Promise<SourceValues> => {
  const source = programSource(argv)
  const failed = (why: string) => noValues(source, [notUsable(source, why)])
  const [file = '', ...rest] = argv
  const options = { cwd: folder, limitMs, encoding: 'latin1' as const }
  const result = await run(file, rest, options).catch((thrown: unknown) => messageOf(thrown))
  if (typeof result === 'string') return failed(result.replace(/\.$/, ''))
  if (result.timedOut) return failed(`it did not end within ${limitMs / 1000} s`)
  if (result.code !== 0) return failed(`it exited ${result.code}`)
  if (result.stdout.length > environmentBytesMax)
    return failed(`it printed more than ${environmentBytesMax} bytes`)
  const text = utf8(Buffer.from(result.stdout, 'latin1'))
  return text === null ? failed('what it printed is not UTF-8 text') : valuesPrinted(argv, text)
}
