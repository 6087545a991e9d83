import { Duplex } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { Engine } from '../../../io/engine/engine.ts'
import { type Names, type PostgresDoor, withSession } from './session.run.ts'

/** A door whose psql answers nothing to everything, and what it was told. */
const deafDoor = (): { door: PostgresDoor; told: () => string } => {
  let told = ''
  const streams = new Duplex({
    read: () => undefined,
    write: (data: Buffer, _encoding, done) => {
      told += data.toString()
      const [, mark] = /\\echo (\S+)\n$/.exec(data.toString()) ?? []
      if (mark !== undefined) streams.push(frame(`[]\n${mark}\n`))
      done()
    },
    final: (done) => {
      streams.push(null)
      done()
    },
  })
  const containers = { exec: async () => ({ Id: '1' }), execStart: async () => streams }
  const engine = { containers } as unknown as Engine
  const signal = new AbortController().signal
  return {
    door: { engine, container: 'db', user: '', env: [], signal },
    told: () => told,
  }
}

const frame = (text: string) => {
  const header = Buffer.alloc(8)
  header[0] = 1
  header.writeUInt32BE(Buffer.byteLength(text), 4)
  return Buffer.concat([header, Buffer.from(text)])
}

describe('a session', () => {
  const toldBy = async (names?: Names) => {
    const { door, told } = deafDoor()
    await withSession(door, 'shop', (session) => session.rows('SELECT 1 AS one'), names)
    return told()
  }

  it('calls nothing that somebody has put into a schema of the database', async () => {
    expect(await toldBy()).toMatch(/^SET search_path = '';\nSELECT /)
    expect(await toldBy('database')).not.toContain('search_path')
    for (const names of ['ours', 'database'] as const)
      expect(await toldBy(names)).not.toMatch(/(?<!pg_catalog\.)(json_agg|row_to_json)\(/)
  })
})
