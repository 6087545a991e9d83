import type { Facts } from '../model.ts'
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

/** Where a value is not simply right or wrong: whether what is there lets fewer in than ours. */
const isStricter: Record<string, (there: string) => boolean> = {
  PermitRootLogin: (there) => there === 'no' || there === 'forced-commands-only',
  MaxAuthTries: (there) => isBelow(there, 4),
  LoginGraceTime: (there) => isBelow(there, 30),
}

/** No number, and 0, which stands for no limit, are not. */
const isBelow = (there: string, limit: number) => Number(there) > 0 && Number(there) < limit

// `sshd -T` prints an older name for one value.
const asShown = (value: string) => (value === 'prohibit-password' ? 'without-password' : value)

/** Our file and what must hold with it. What is stricter without it is left to whoever said so. */
const hardened = ({ sshdWithoutOurs }: Facts) => {
  const settings = wanted.map(([key, value]) => {
    const there = (sshdWithoutOurs[key.toLowerCase()] ?? '').toLowerCase()
    const isLeft = isStricter[key]?.(there) ?? false
    return { key, value, isLeft, shown: isLeft ? there : asShown(value).toLowerCase() }
  })
  const lines = settings.filter(({ isLeft }) => !isLeft).map(({ key, value }) => `${key} ${value}`)
  return {
    content: [
      '# Written by zarpe setup. SSH takes the first value it reads: this file goes before others.',
      ...lines,
      '',
    ].join('\n'),
    expect: Object.fromEntries(settings.map(({ key, shown }) => [key.toLowerCase(), shown])),
  }
}

/** Keys only. The change undoes itself unless a new login has proven that it locks nobody out. */
export const ssh: Rule = {
  id: 'ssh',
  why: 'logins by key only; undoes itself unless a new login works',
  wanted: (facts) => {
    const { content, expect } = hardened(facts)
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
