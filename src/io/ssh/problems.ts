import { Problem } from '../../problem/problem.ts'
import type { SshTarget } from './target.ts'

/** What ssh and the remote end print, what it means, and what helps. First match counts. */
const meanings: {
  pattern: RegExp
  code: string
  summary: string
  why: string
  fix: (host: string) => string[]
}[] = [
  {
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED/i,
    code: 'ssh/host-key-changed',
    summary: 'The server shows another host key than before.',
    why: 'either it was reinstalled, or this is not your server. Nothing was sent to it',
    fix: (host) => [
      "Compare the fingerprint with the one in your hoster's console.",
      `If it was reinstalled: ssh-keygen -R ${host}`,
    ],
  },
  {
    pattern: /Host key verification failed/i,
    code: 'ssh/host-key-unknown',
    summary: 'The server is not known on this machine yet.',
    why: 'its host key is in no known_hosts file',
    fix: (host) => [`ssh ${host} true    # compare the fingerprint, answer yes`],
  },
  {
    pattern: /Permission denied/i,
    code: 'ssh/login-refused',
    summary: 'The server refused the login.',
    why: 'none of your keys is accepted for this user (password logins are not tried)',
    fix: (host) => [`ssh-copy-id ${host}`, 'Or write another user into `servers` of zarpe.yml.'],
  },
  {
    pattern: /Could not resolve hostname/i,
    code: 'ssh/name-unknown',
    summary: "The server's name could not be resolved.",
    why: 'no DNS record and no entry in your ssh_config has this name',
    fix: () => ['Check the address in `servers` of zarpe.yml.'],
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
    pattern: /a password is required|not in the sudoers|may not run sudo|sudo: .*not allowed/i,
    code: 'ssh/no-sudo',
    summary: 'This user may not become root on the server.',
    why: 'sudo asks for a password or forbids it',
    fix: (host) => [
      'Log in as root for the set-up: zarpe setup root@<server>',
      `Or allow it there: echo "$USER ALL=(ALL) NOPASSWD: ALL" | sudo tee /etc/sudoers.d/setup    # on ${host}`,
    ],
  },
  {
    pattern: /zarpe-agent: (not found|No such file)|zarpe-agent: command not found/i,
    code: 'server/not-set-up',
    summary: 'The server has not been set up for Zarpe.',
    why: 'the agent is not installed there',
    fix: (host) => [`zarpe setup ${host}`],
  },
]

/** Explains why a connection could not be used, from what was printed. */
export const connectionProblem = (target: SshTarget, printed: string, code: number | null) => {
  const lines = printed.split('\n').filter((line) => line.trim())
  const found = meanings.find(({ pattern }) => pattern.test(printed))
  return new Problem({
    code: found?.code ?? 'ssh/failed',
    summary: found?.summary ?? 'The connection to the server failed.',
    detail: `${target.text}: ${found?.why ?? `ssh ended with ${code ?? 'no code'}`}.`,
    fix: found?.fix(target.text) ?? [`Try it by hand: ssh ${target.text} true`],
    evidence: lines.slice(-6),
  })
}
