import { run } from '../host/processes/process.ts'
import { sshArguments, type SshTarget } from './target.ts'

/** The name or address that ssh would connect to: what the user's ssh_config makes of an alias. */
export const hostnameOf = async (target: SshTarget): Promise<string> => {
  const shown = await run('ssh', ['-G', ...sshArguments(target)], { limitMs: 5_000 }).catch(
    () => null,
  )
  return /^hostname (\S+)$/m.exec(shown?.stdout ?? '')?.[1] ?? target.host
}
