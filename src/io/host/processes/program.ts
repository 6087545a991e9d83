import { access, constants } from 'node:fs/promises'
import { join } from 'node:path'
import { Problem } from '../../../problem/problem.ts'

/** The whole path of a program, for starting it in an environment that has no PATH. */
export const programPath = async (name: string): Promise<string> => {
  for (const folder of (process.env['PATH'] ?? '').split(':').filter(Boolean)) {
    const path = join(folder, name)
    if (await isProgram(path)) return path
  }
  throw new Problem({
    code: 'host/program-missing',
    summary: 'A program that Zarpe needs could not be started.',
    detail: `\`${name}\` is not installed here.`,
    fix: [`Install ${name} and run the same command again.`],
  })
}

/** Whether there is something at this path that can be started. */
export const isProgram = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
