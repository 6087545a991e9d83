import { Problem } from '../../problem/problem.ts'

/** Where to log in. `host` may be an alias of the user's own ssh_config. */
export type SshTarget = { user: string | null; host: string; port: number | null; text: string }

/**
 * Reads `user@host:port`, `user@[2001:db8::1]:22` or an alias. Throws "ssh/bad-target" for anything
 * else, in particular for what the ssh program would take for an option.
 */
export const parseTarget = (text: string): SshTarget => {
  const match =
    /^(?:([A-Za-z_][A-Za-z0-9._-]*)@)?(\[[0-9A-Fa-f:.%]+\]|[A-Za-z0-9][A-Za-z0-9._-]*)(?::(\d{1,5}))?$/.exec(
      text,
    )
  const port = match?.[3] ? Number(match[3]) : null
  if (!match || (port !== null && (port < 1 || port > 65_535))) throw badTarget(text)
  const host = match[2]!.replace(/^\[|\]$/g, '')
  return { user: match[1] ?? null, host, port, text }
}

const badTarget = (text: string) =>
  new Problem({
    code: 'ssh/bad-target',
    summary: 'A server address could not be understood.',
    detail: `${JSON.stringify(text.slice(0, 200))} is not of the form user@host or user@host:port.`,
    fix: ['Write it as deploy@vps.example or root@198.51.100.7:22.'],
  })

/** The ssh program's arguments for a target, before any command. */
export const sshArguments = (target: SshTarget, extra: string[] = []): string[] => [
  '-T',
  ...configArguments(),
  ...['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10', '-o', 'LogLevel=ERROR'],
  // A connection that hears nothing for a minute is dead: the end must not hang on it.
  ...['-o', 'ServerAliveInterval=15', '-o', 'ServerAliveCountMax=4'],
  // A login is one of its own: through a connection that is open already it would prove nothing.
  ...['-o', 'ControlMaster=no', '-o', 'ControlPath=none'],
  ...extra,
  ...(target.port === null ? [] : ['-p', String(target.port)]),
  ...(target.user === null ? [] : ['-l', target.user]),
  '--',
  target.host,
]

/** `ZARPE_SSH_CONFIG` names another ssh_config than the user's; the lab has one of its own. */
const configArguments = () => {
  const path = process.env['ZARPE_SSH_CONFIG']
  return path ? ['-F', path] : []
}
