import type { Facts, Listener } from '../model.ts'

/** Reads `sshd -T`: the settings that hold, with all drop-ins applied. */
export const parseSshd = (text: string): Facts['sshd'] => {
  const settings: Record<string, string> = {}
  for (const line of text.split('\n')) {
    const [key, ...rest] = line.trim().split(' ')
    if (!key) continue
    const value = rest.join(' ')
    settings[key] = key in settings ? `${settings[key]} ${value}` : value
  }
  return settings
}

/**
 * The configuration of sshd without one of the files of a folder that it includes as a whole: what would hold if that
 * were not there. `names`: what is in the folder.
 */
export const configWithout = (config: string, path: string, names: string[]): string => {
  const [folder = '', own] = path.split(/\/(?=[^/]+$)/)
  const others = names.filter((name) => name.endsWith('.conf') && name !== own).toSorted()
  const patterns = new Set([`${folder}/*.conf`, `${folder.replace('/etc/ssh/', '')}/*.conf`])
  return config
    .split('\n')
    .map((line) => {
      const [, included] = /^\s*Include[\s=]+(.*)$/i.exec(line) ?? []
      if (included === undefined) return line
      const files = included
        .split(/\s+/)
        .flatMap((each) =>
          patterns.has(each) ? others.map((name) => `${folder}/${name}`) : [each],
        )
      return files.length > 0 ? `Include ${files.join(' ')}` : ''
    })
    .join('\n')
}

/** The connection of whoever is logged in: the address it comes from, and the port that it came to. */
export type Connection = { client: string; port: number }

/**
 * Reads `SSH_CONNECTION` of an environment as the kernel shows one: sudo leaves it out for what it starts, but has it
 * itself.
 */
export const connectionIn = (environ: string): Connection | null => {
  const [, client, port] = /(?:^|\0)SSH_CONNECTION=(\S+) \d+ \S+ (\d+)(?:\0|$)/.exec(environ) ?? []
  return client === undefined ? null : { client, port: Number(port) }
}

/**
 * Every port on which SSH answers: those that sshd is configured for, those it listens on, those
 * that systemd listens on for it (Ubuntu's `ssh.socket`), and the one of this very connection.
 */
export const sshPortsOf = (
  sshd: Facts['sshd'],
  listeners: Listener[],
  socketListens: string,
  connection: Connection | null,
): number[] => {
  const configured = (sshd['port'] ?? '').split(' ').filter(Boolean).map(Number)
  const heard = listeners.filter((each) => each.program === 'sshd').map((each) => each.port)
  const socket = [...socketListens.matchAll(/:(\d+) \(Stream\)/g)].map((match) => Number(match[1]))
  const all = [...configured, ...heard, ...socket, ...(connection ? [connection.port] : [])]
  return [...new Set(all)].sort((left, right) => left - right)
}
