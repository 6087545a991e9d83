import { paths } from '../paths.ts'
import { type Rule, serverStep } from './rule.ts'

/** What must hold, as `sshd -T` shows it. Images travel through a forwarded unix socket. */
const wanted: [string, string][] = [
  ['PasswordAuthentication', 'no'],
  ['KbdInteractiveAuthentication', 'no'],
  ['PermitEmptyPasswords', 'no'],
  ['PermitRootLogin', 'prohibit-password'],
  ['PubkeyAuthentication', 'yes'],
  ['MaxAuthTries', '4'],
  ['LoginGraceTime', '30'],
  ['X11Forwarding', 'no'],
  ['AllowAgentForwarding', 'no'],
  ['AllowStreamLocalForwarding', 'yes'],
  // Anybody on the way can answer for a laptop that is gone, but not inside of what is encrypted.
  ['TCPKeepAlive', 'no'],
  ['ClientAliveInterval', '60'],
  ['ClientAliveCountMax', '2'],
  ['LogLevel', 'VERBOSE'],
]

const content = [
  '# Written by zarpe setup. SSH takes the first value it reads: this file goes before others.',
  ...wanted.map(([key, value]) => `${key} ${value}`),
  '',
].join('\n')

// `sshd -T` prints an older name for one value.
const asShown = (value: string) => (value === 'prohibit-password' ? 'without-password' : value)

const expect = Object.fromEntries(
  wanted.map(([key, value]) => [key.toLowerCase(), asShown(value).toLowerCase()]),
)

/** Keys only. The change undoes itself unless a new login has proven that it locks nobody out. */
export const ssh: Rule = {
  id: 'ssh',
  why: 'logins by key only; undoes itself unless a new login works',
  wanted: (facts) => {
    const file = facts.files[paths.sshd]
    const holds = Object.entries(expect).every(
      ([key, value]) => (facts.sshd[key] ?? '').toLowerCase() === value,
    )
    if (file?.content === content && holds && facts.guards.sshd !== 'armed') return []
    return [serverStep('server.sshd', paths.sshd, ssh.why, { path: paths.sshd, content, expect })]
  },
  notes: (facts, settings) => {
    const names = facts.logins
      .filter(
        (each) => each.keyCount === 0 && each.name !== settings.deployUser && each.uid >= 1000,
      )
      .map((each) => each.name)
    return [
      ...(names.length > 0 && facts.sshd['passwordauthentication'] === 'yes'
        ? [`can't log in by SSH any more, for want of a key: ${names.join(', ')}`]
        : []),
      ...(facts.guards.sshd === 'reverted'
        ? ['the last change of SSH undid itself, because no new login confirmed it']
        : []),
    ]
  },
}
