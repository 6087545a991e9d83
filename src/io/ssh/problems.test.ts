import { describe, expect, it } from 'vitest'
import { agentProblem, connectionProblem } from './problems.ts'
import { parseTarget } from './target.ts'

// What OpenSSH 9 and 10, dash and sudo really print.
const texts: [code: string, printed: string][] = [
  [
    'ssh/host-key-changed',
    '@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\r\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r\nHost key verification failed.\r\n',
  ],
  [
    'ssh/host-key-unknown',
    'No ED25519 host key is known for vps.example and you have requested strict checking.\r\nHost key verification failed.\r\n',
  ],
  ['ssh/login-refused', 'deploy@vps.example: Permission denied (publickey).\r\n'],
  ['ssh/login-refused', 'deploy@vps.example: Permission denied (publickey,password).\r\n'],
  [
    'ssh/login-refused',
    'Received disconnect from 198.51.100.7 port 22:2: Too many authentication failures\r\nDisconnected from 198.51.100.7 port 22\r\n',
  ],
  [
    'ssh/key-unprotected',
    "@         WARNING: UNPROTECTED PRIVATE KEY FILE!          @\r\nPermissions 0644 for 'id' are too open.\r\ndeploy@vps.example: Permission denied (publickey).\r\n",
  ],
  [
    'ssh/name-unknown',
    'ssh: Could not resolve hostname nowhere.invalid: Name or service not known\r\n',
  ],
  ['ssh/refused', 'ssh: connect to host vps.example port 2222: Connection refused\r\n'],
  ['ssh/unreachable', 'ssh: connect to host 198.51.100.7 port 22: Connection timed out\r\n'],
  ['ssh/unreachable', 'ssh: connect to host 198.51.100.7 port 22: No route to host\r\n'],
  ['ssh/turned-away', 'kex_exchange_identification: read: Connection reset by peer\r\n'],
  ['ssh/turned-away', 'Connection closed by 198.51.100.7 port 22\r\n'],
  ['ssh/no-forwarding', 'Error: remote port forwarding failed for listen path /tmp/zarpe.sock\r\n'],
  ['ssh/no-sudo', 'sudo: a password is required\n'],
  ['ssh/no-sudo', 'sudo: a terminal is required to read the password; either use ssh\n'],
  ['ssh/no-sudo', 'deploy is not in the sudoers file.\n'],
  [
    'ssh/no-sudo',
    "Sorry, user deploy is not allowed to execute '/usr/local/bin/zarpe-agent' as root on vps.\n",
  ],
  ['ssh/no-sudo', 'sh: 1: exec: sudo: not found\n'],
  ['server/not-set-up', 'sh: 1: exec: /usr/local/bin/zarpe-agent: not found\n'],
  ['server/not-set-up', 'sudo: /usr/local/bin/zarpe-agent: command not found\n'],
  ['ssh/no-greeting', '\nno greeting within 30 s'],
  ['ssh/failed', 'sh: 1: /usr/local/bin/zarpe-agent: Permission denied\n'],
]

describe('connectionProblem', () => {
  it.each(texts)('names %s: %j', (code, printed) => {
    const { data } = connectionProblem(parseTarget('deploy@vps.example:2222'), printed, 255)
    expect(data.code).toBe(code)
    expect(data.detail).toContain('deploy@vps.example:2222')
    expect(data.fix.length).toBeGreaterThan(0)
    expect(data.evidence!.length).toBeGreaterThan(0)
  })

  it.each([
    ['deploy@vps.example:2222', "ssh-keygen -R '[vps.example]:2222'"],
    ['deploy@vps.example', 'ssh-keygen -R vps.example'],
  ])('gives commands that can be copied: %s', (text, command) => {
    const { data } = connectionProblem(parseTarget(text), texts[0]![1], 255)
    expect(data.fix.at(-1)).toContain(command)
  })

  it('writes ports as ssh wants them', () => {
    const { fix } = connectionProblem(
      parseTarget('deploy@vps.example:2222'),
      texts[1]![1],
      255,
    ).data
    expect(fix[0]).toContain('ssh -p 2222 deploy@vps.example true')
  })
})

// What is left of an agent after a power cut, or by hand: whoever asks it hears a shell, or Node.
const broken: [printed: string, code: number][] = [
  ['/usr/local/bin/zarpe-agent: 3: exec: /usr/local/lib/zarpe/node: not found\n', 127],
  ['sh: 1: exec: /usr/local/bin/zarpe-agent: Permission denied\n', 126],
  ["Error: Cannot find module '/usr/local/lib/zarpe/zarpe.mjs'\n", 1],
  // A shell takes an empty file for a script that does nothing.
  ['', 0],
]

describe('agentProblem', () => {
  it.each(broken)('tells an agent that does not start from a login that fails: %j', (...ended) => {
    const { data } = agentProblem(parseTarget('deploy@vps.example'), ...ended)
    expect(data.code).toBe('server/agent-broken')
    // The user for releases may start the agent, and install none.
    expect(data.fix[0]).toMatch(/^zarpe setup root@vps\.example .* sudo: /)
  })

  it('has whoever may become root bring the agent as that user', () => {
    const { data } = agentProblem(parseTarget('admin@vps.example'), '', 126)
    expect(data.fix[0]).toMatch(/^zarpe setup admin@vps\.example /)
  })

  it.each([
    ['ssh/failed', 'client_loop: send disconnect: Broken pipe\r\n', 255],
    ['ssh/no-sudo', 'sudo: a password is required\n', 1],
    ['server/not-set-up', 'sh: 1: exec: /usr/local/bin/zarpe-agent: not found\n', 127],
  ])('leaves %s what it is', (code, ...ended) => {
    expect(agentProblem(parseTarget('deploy@vps.example'), ...ended).data.code).toBe(code)
  })
})
