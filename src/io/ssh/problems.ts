import { Problem } from '../../problem/problem.ts'
import { isIPv6 } from 'node:net'
import type { SshTarget } from './target.ts'

type Meaning = {
  pattern: RegExp
  code: string
  summary: string
  why: string
  fix: (target: SshTarget) => string[]
}

/** What ssh and the remote end print, what it means, and what helps. First match counts. */
const meanings: Meaning[] = [
  {
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED/i,
    code: 'ssh/host-key-changed',
    summary: 'The server shows another host key than before.',
    why: 'either it was reinstalled, or this is not your server. Nothing was sent to it',
    fix: (target) => [
      "Compare the fingerprint with the one in your hoster's console.",
      `If it was reinstalled: ssh-keygen -R ${knownAs(target)}`,
    ],
  },
  {
    pattern: /Host key verification failed|No \S+ host key is known/i,
    code: 'ssh/host-key-unknown',
    summary: 'The server is not known on this machine yet.',
    why: 'its host key is in no known_hosts file',
    fix: (target) => [`ssh ${inSsh(target)} true    # compare the fingerprint, answer yes`],
  },
  {
    pattern: /UNPROTECTED PRIVATE KEY FILE/i,
    code: 'ssh/key-unprotected',
    summary: 'ssh does not use a key that others can read.',
    why: 'the file of your private key has too many permissions',
    fix: () => ['chmod 600 <the file named above>'],
  },
  {
    pattern: /Permission denied \(|Too many authentication failures/i,
    code: 'ssh/login-refused',
    summary: 'The server refused the login.',
    why: 'none of your keys is accepted for this user (password logins are not tried)',
    fix: (target) => [
      `ssh-copy-id ${inSsh(target)}`,
      'Or write another user into `servers` of zarpe.yml.',
    ],
  },
  {
    pattern: /Could not resolve hostname/i,
    code: 'ssh/name-unknown',
    summary: "The server's name could not be resolved.",
    why: 'no DNS record and no entry in your ssh_config has this name',
    fix: () => ['Check the address in `servers` of zarpe.yml.'],
  },
  {
    pattern: /no greeting within/i,
    code: 'ssh/no-greeting',
    summary: 'The server let us in, but its agent does not answer.',
    why: 'the agent said nothing that could be understood within 30 s',
    fix: (target) => [
      `ssh ${inSsh(target)} true    # must print nothing: a login script that prints is in the way`,
      installing(target, 'installs the agent anew'),
    ],
  },
  {
    pattern: /Connection refused/i,
    code: 'ssh/refused',
    summary: 'The server refused the connection.',
    why: 'nothing listens on its SSH port',
    fix: () => [
      'Check the port: user@host:port in `servers` of zarpe.yml.',
      'Is sshd running there?',
    ],
  },
  {
    pattern: /timed out|No route to host|Network is unreachable/i,
    code: 'ssh/unreachable',
    summary: 'The server could not be reached.',
    why: 'there was no answer',
    fix: () => ['Check the address, your network, and the firewall in front of the server.'],
  },
  {
    pattern: /kex_exchange_identification|Connection (closed|reset) by/i,
    code: 'ssh/turned-away',
    summary: 'The server closed the connection before any login.',
    why: 'sshd does so to an address from which logins failed a moment ago, or when it is too busy',
    fix: (target) => [`Wait half a minute, then: ssh ${inSsh(target)} true`],
  },
  {
    pattern: /remote port forwarding failed/i,
    code: 'ssh/no-forwarding',
    summary: 'The server does not forward connections, over which images are sent.',
    why: 'its sshd has AllowTcpForwarding or AllowStreamLocalForwarding off',
    fix: (target) => [`zarpe setup ${target.text}`],
  },
  {
    pattern:
      /a (password|terminal) is required|not in the sudoers|may not run sudo|not allowed to execute|sudo: (command )?not found/i,
    code: 'ssh/no-sudo',
    summary: 'This user may not become root on the server.',
    why: 'sudo asks for a password, forbids it, or is not there',
    fix: (target) => [
      `Log in as root for the set-up: zarpe setup ${asRoot(target)}`,
      `Or let the user: ssh ${inSsh(target)}, then as root: echo "${target.user ?? '<user>'} ALL=(ALL) NOPASSWD: ALL" > /etc/sudoers.d/zarpe`,
    ],
  },
  {
    pattern: /zarpe-agent: (not found|No such file)|zarpe-agent: command not found/i,
    code: 'server/not-set-up',
    summary: 'The server has not been set up for Zarpe.',
    why: 'the agent is not installed there',
    fix: (target) => [installing(target, 'installs it')],
  },
]

/** A target in the words of ssh and ssh-copy-id. */
const inSsh = ({ user, host, port }: SshTarget) =>
  `${port === null ? '' : `-p ${port} `}${user === null ? '' : `${user}@`}${host}`

/** A target as known_hosts names it. */
const knownAs = ({ host, port }: SshTarget) =>
  port === null || port === 22 ? host : `'[${host}]:${port}'`

/** The same server by the user who may do anything there. */
export const asRoot = ({ host, port }: SshTarget) =>
  `root@${isIPv6(host) ? `[${host}]` : host}${port === null ? '' : `:${port}`}`

/** What brings an agent. The user whom a set-up makes may start one, and do nothing else as root. */
const installing = (target: SshTarget, what: string) =>
  `zarpe setup ${target.user === 'deploy' ? asRoot(target) : target.text}    # as root, or as a user who may use sudo: ${what}`

const meaningOf = (printed: string) => meanings.find(({ pattern }) => pattern.test(printed))

const linesOf = (printed: string) => printed.split(/\r?\n/).filter((line) => line.trim())

/** What ssh itself ends with when it could not connect or log in, or was cut off. */
const sshFailed = 255

/** Explains why an agent did not greet. Any other exit code than ssh's own is that of the far end. */
export const agentProblem = (target: SshTarget, printed: string, code: number | null): Problem => {
  const isSshOwn = code === null || code === sshFailed
  if (isSshOwn || meaningOf(printed)) return connectionProblem(target, printed, code)
  return new Problem({
    code: 'server/agent-broken',
    summary: 'The server let us in, but its agent does not start.',
    detail: `${target.text}: it ended with ${code} before it said a word.`,
    fix: [installing(target, 'installs the agent anew')],
    evidence: linesOf(printed).slice(-6),
  })
}

/** Explains why a connection could not be used, from what was printed. */
export const connectionProblem = (target: SshTarget, printed: string, code: number | null) => {
  const found = meaningOf(printed)
  return new Problem({
    code: found?.code ?? 'ssh/failed',
    summary: found?.summary ?? 'The connection to the server failed.',
    detail: `${target.text}: ${found?.why ?? `ssh ended with ${code ?? 'no code'}`}.`,
    fix: found?.fix(target) ?? [`Try it by hand: ssh ${inSsh(target)} true`],
    evidence: linesOf(printed).slice(-6),
  })
}
