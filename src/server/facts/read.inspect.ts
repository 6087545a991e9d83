import { readText } from '../../io/host/files/durable.ts'
import { isWritable, readFileFacts } from '../../io/host/files/files.ts'
import { run } from '../../io/host/processes/process.ts'
import type { FileFacts } from '../model.ts'

const limitMs = 20_000

/** Output of a program that only reads; empty if it is missing, fails or takes too long. */
export const readOutput = async (file: string, argv: string[], input?: string): Promise<string> => {
  const options = { limitMs, env: readingEnvironment, ...(input === undefined ? {} : { input }) }
  const result = await run(file, argv, options).catch(() => null)
  return result?.code === 0 ? result.stdout : ''
}

/** Whether the program can be started at all. */
export const isInstalled = async (file: string, argv: string[]): Promise<boolean> =>
  (await run(file, argv, { limitMs, env: readingEnvironment }).catch(() => null)) !== null

/** The files of a list that exist, with content, rights and owner. */
export const readFiles = async (paths: string[]): Promise<Record<string, FileFacts>> => {
  const entries = await Promise.all(
    paths.map(async (path) => {
      const facts = await readFileFacts(path)
      const owner = facts?.userId === 0 ? 'root' : String(facts?.userId)
      if (!facts) return []
      const { content, mode, changedAt } = facts
      return [[path, { content, mode, owner, changedAt }] as const]
    }),
  )
  return Object.fromEntries(entries.flat())
}

/** Values of kernel settings; one that the kernel does not have, or that is fixed here, is left out. */
export const readSysctls = async (names: string[]): Promise<Record<string, string>> => {
  const entries = await Promise.all(
    names.map(async (name) => {
      const path = `/proc/sys/${name.replaceAll('.', '/')}`
      const text = await readText(path).catch(() => null)
      return text !== null && (await isWritable(path)) ? [[name, text.trim()] as const] : []
    }),
  )
  return Object.fromEntries(entries.flat())
}

// System programs live in the sbin folders, which a login's PATH may lack; texts are in English.
export const readingEnvironment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C.UTF-8',
  HOME: '/root',
}
