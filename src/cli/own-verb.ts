import { run } from '../io/host/processes/process.ts'
import { sshConfigFile } from '../lab/keys.ts'
import type { ProblemData } from '../problem/problem.ts'
import type { Context } from './context.ts'

type VerbEvent = { type: string; [key: string]: unknown }

export type VerbResult = {
  code: number
  ms: number
  events: VerbEvent[]
  problems: ProblemData[]
}

const limitMs = 6 * 3_600_000

/**
 * Runs another verb of this very program as a user would, with the same folder and environment, and
 * asks nothing. `server`: another one than the environment's. `isLab`: it is one of the lab, which has
 * an ssh_config of its own; any other is reached as the user's says.
 */
export const ownVerb = async (
  context: Context,
  argv: string[],
  { server, isLab }: { server?: string; isLab: boolean },
): Promise<VerbResult> => {
  const { options, folder } = context
  const started = Date.now()
  const flags = [
    ...['--json', '--yes', '-C', folder],
    ...(options.env ? ['--env', options.env] : []),
    ...(server ? ['--server', server] : []),
  ]
  const { code, stdout } = await run(process.execPath, [process.argv[1]!, ...flags, ...argv], {
    env: { ...process.env, ...(isLab ? labNames() : {}) },
    limitMs,
  })
  const events = eventsIn(stdout)
  return { code, ms: Date.now() - started, events, problems: problemsIn(events) }
}

/** How servers of the lab are reached, unless the user has said otherwise. */
const labNames = () =>
  process.env['ZARPE_SSH_CONFIG'] ? {} : { ZARPE_SSH_CONFIG: sshConfigFile() }

const eventsIn = (text: string): VerbEvent[] =>
  text.split('\n').flatMap((line) => {
    try {
      const event = JSON.parse(line || 'null') as VerbEvent | null
      return event ? [event] : []
    } catch {
      return []
    }
  })

const problemsIn = (events: VerbEvent[]): ProblemData[] =>
  events.flatMap((event) => (event.type === 'problem' ? [event as VerbEvent & ProblemData] : []))
