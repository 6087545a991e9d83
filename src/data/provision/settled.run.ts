import { problemsOf } from '../../problem/problem.ts'
import { type PostgresDoor, withSession } from '../engines/postgres/session.run.ts'

const pollMs = 500
const pollsMax = 120

type Asking = { signal: AbortSignal; sleep: (ms: number) => Promise<void> }

/**
 * Waits, a minute at most, for the server that will stay. The official image begins with another one, for its own scripts
 * alone: it listens on no address, but is healthy for a check by socket. Who is in it then is thrown out, and what he
 * has made may be what a script trips over, which leaves a database that was never finished.
 */
export const untilSettled = async (
  { signal, sleep }: Asking,
  addresses: () => Promise<string>,
): Promise<void> => {
  for (let poll = 0; poll < pollsMax; poll++) {
    try {
      if ((await addresses()) !== '') return
    } catch (error) {
      signal.throwIfAborted()
      const isYoung = problemsOf(error)[0]?.code === 'data/sql-failed'
      if (!isYoung || poll === pollsMax - 1) throw error
    }
    await sleep(pollMs)
  }
  // It may be meant to listen on its socket alone.
}

/** Where a server listens, in its own words; nothing for its socket alone. */
export const addressesOf = (door: PostgresDoor): Promise<string> =>
  withSession(door, 'postgres', async (session) => {
    const [found] = await session.rows<{ addresses: string }>(
      `SELECT pg_catalog.current_setting('listen_addresses') AS addresses`,
    )
    return found!.addresses
  })
