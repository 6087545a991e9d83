import type { BigIntStats } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'

/** Something in a tree; its name may be of any bytes. */
export type Walked = { name: Buffer; facts: BigIntStats }

const slash = Buffer.from('/')

/** Everything below a folder, without following links. What goes away meanwhile is left out. */
export const walk = async function* (folder: string): AsyncGenerator<Walked> {
  const open: Buffer[] = [Buffer.alloc(0)]
  for (let below = open.pop(); below; below = open.pop()) {
    const path = below.length > 0 ? joined(Buffer.from(folder), below) : Buffer.from(folder)
    const names = await readdir(path, { encoding: 'buffer' }).catch(() => [])
    for (const each of names) {
      const name = below.length > 0 ? joined(below, each) : each
      const facts = await lstat(joined(path, each), { bigint: true }).catch(() => null)
      if (!facts) continue
      yield { name, facts }
      if (facts.isDirectory()) open.push(name)
    }
  }
}

const joined = (folder: Buffer, name: Buffer) => Buffer.concat([folder, slash, name])
