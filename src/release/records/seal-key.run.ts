import { randomBytes } from 'node:crypto'
import { createDurable, readText } from '../../io/host/files/durable.ts'
import { Problem } from '../../problem/problem.ts'
import { keyFor } from '../../secrets/seal.ts'

/** The server's own key: made once, never sent anywhere, readable by root alone. */
const keyFile = '/var/lib/zarpe/seal.key'

/** The key that records of a server are sealed with. Made when it is asked for the first time. */
export const recordKey = async (): Promise<Buffer> => keyFor(await masterKey(), 'records')

/**
 * The key that hashes of a project's services are made with, in hex. Whoever may deploy gets it: a
 * hash without a key would let anybody who sees a label try out short values.
 */
export const hashKeyOf = async (project: string): Promise<string> =>
  keyFor(await masterKey(), `hashes/${project}`).toString('hex')

const masterKey = async (): Promise<Buffer> => {
  const found = await readText(keyFile)
  if (found !== null) return parse(found)
  const made = randomBytes(32).toString('hex')
  // Of two agents that look at a new server at once, the second takes the key of the first.
  if (await createDurable(keyFile, `${made}\n`)) return Buffer.from(made, 'hex')
  return parse((await readText(keyFile)) ?? '')
}

const parse = (text: string): Buffer => {
  if (/^[0-9a-f]{64}\n?$/.test(text)) return Buffer.from(text.trim(), 'hex')
  throw new Problem({
    code: 'release/seal-key',
    summary: 'The key of the server’s records is damaged.',
    detail: `${keyFile} is not what Zarpe wrote, so no record of a release can be read with it.`,
    fix: [
      `Bring ${keyFile} back from a backup of the server.`,
      `rm ${keyFile}    # gives the records up: the next deploy is a first one`,
    ],
  })
}
