import { createHash } from 'node:crypto'
import { symlink, rename } from 'node:fs/promises'
import { namesIn, removePath, statOf, within, writeDurable } from '../io/host/files/durable.ts'
import { Problem } from '../problem/problem.ts'
import { agentHome as home, compiled } from './program.ts'

const programsKept = 3

/** Puts a program beside the present one and lets the launcher point at it. */
export const upgrade = async (build: string, programBase64: string) => {
  const program = Buffer.from(programBase64, 'base64')
  const hash = createHash('sha256').update(program).digest('hex')
  if (hash !== build)
    throw new Problem({
      code: 'agent/damaged-upgrade',
      summary: 'The new agent did not arrive whole.',
      detail: `Its SHA-256 is ${hash.slice(0, 12)}…, not ${build.slice(0, 12)}…; the present agent stays.`,
      fix: ['Run the same command again.'],
    })
  const folder = within(home, 'program')
  await writeDurable(within(folder, `${hash}.mjs`), program, 0o644)
  const link = within(home, `zarpe.mjs.${process.pid}`)
  await symlink(`program/${hash}.mjs`, link)
  await rename(link, within(home, 'zarpe.mjs'))
  await dropOld(folder, `${hash}.mjs`)
  // Of programs that are not used any more; it comes again by itself.
  await removePath(compiled)
}

const dropOld = async (folder: string, newest: string) => {
  const names = (await namesIn(folder)).filter((name) => name !== newest)
  const aged = await Promise.all(
    names.map(async (name) => ({ name, at: (await statOf(within(folder, name)))?.mtimeMs ?? 0 })),
  )
  const old = aged.toSorted((left, right) => right.at - left.at).slice(programsKept - 1)
  for (const { name } of old) await removePath(within(folder, name))
}
