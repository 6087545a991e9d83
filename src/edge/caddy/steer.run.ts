import { readText } from '../../io/host/files/durable.ts'
import { run } from '../../io/host/processes/process.ts'
import { type Generation, privatePorts } from './render.ts'

const pollMs = 10
const pollsPerSecond = 100
const listenWithinMs = 20_000
const commandLimitMs = 10_000

/**
 * Waits until a generation's own HTTPS port is listened on in a process's network, or `given` up.
 * Meanwhile `meanwhile` is called about once a second.
 */
export const awaitListening = async (
  pid: number,
  generation: Generation,
  sleep: (ms: number) => Promise<void>,
  { given, meanwhile }: { given: () => boolean; meanwhile: () => Promise<unknown> },
): Promise<boolean> => {
  const polls = listenWithinMs / pollMs
  for (let poll = 1; poll < polls && !given(); poll++) {
    if (await isListening(pid, generation)) return true
    if (poll % pollsPerSecond === 0) await meanwhile()
    await sleep(pollMs)
  }
  // It may have begun in the same moment in which it was given up.
  return isListening(pid, generation)
}

/** Whether a generation's own HTTPS port is listened on in a process's network. */
const isListening = async (pid: number, generation: Generation): Promise<boolean> => {
  const port = privatePorts[generation].https.toString(16).toUpperCase().padStart(4, '0')
  // `:PORT` of any local address, no peer yet, state 0A: listening.
  const listening = new RegExp(`:${port} [0-9A-F]+:0000 0A `)
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readText(`/proc/${pid}/net/${name}`)),
  )
  return tables.some((table) => table && listening.test(table))
}

/**
 * Sends new connections to one generation of listeners, in the network of the edge's container
 * alone. Only a first SYN matches, so that no connection that exists is touched. The table stays
 * until the next load replaces it: taking it away would undo the translation of connections that
 * live. It goes with the container's network, and then the public ports answer by themselves.
 * With `seconds` the lead ends by itself, and new connections go to the public ports again: a lead
 * to listeners that may close must not outlive whoever would have changed it.
 */
export const steer = (
  pid: number,
  generation: Generation,
  seconds: number | null,
): Promise<SteerOutcome> => inNetworkOf(pid, ['nft', '-f', '-'], steerRules(generation, seconds))

/** `absent`: the server has no `nft`, so no lead can be in force there either. */
export type SteerOutcome = 'done' | 'absent' | 'failed'

/**
 * A connection that ended with a reset is remembered with its translation for 10 s; a client that
 * uses the same port again meanwhile would be led to the old listeners, which close after 4 s.
 */
export const forgetResetsSoon = (pid: number) =>
  inNetworkOf(pid, ['tee', '/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_close'], '1')

/** As `nsenter` ends when the program to be started is not there. */
const noSuchProgram = 127

const inNetworkOf = async (pid: number, argv: string[], input: string): Promise<SteerOutcome> => {
  const all = ['--target', String(pid), '--net', ...argv]
  const result = await run('nsenter', all, { input, limitMs: commandLimitMs }).catch(() => null)
  if (result === null || result.code === noSuchProgram) return 'absent'
  return result.code === 0 ? 'done' : 'failed'
}

/**
 * The chain is made if it lacks, and where it leads is replaced, in one transaction: at no moment is
 * the network without a NAT chain. A port that leads nowhere is left alone.
 */
export const steerRules = (generation: Generation, seconds: number | null): string => {
  const { http, https } = privatePorts[generation]
  const table = 'inet zarpe_edge'
  const ends = seconds === null ? '' : ` timeout ${seconds}s`
  return [
    `add table ${table}`,
    `add chain ${table} prerouting { type nat hook prerouting priority -101; policy accept; }`,
    `add map ${table} lead { type inet_service : inet_service; flags timeout; }`,
    `flush chain ${table} prerouting`,
    `flush map ${table} lead`,
    `add element ${table} lead { 443${ends} : ${https}, 80${ends} : ${http} }`,
    `add rule ${table} prerouting tcp flags & (fin|syn|rst|ack) == syn redirect to :tcp dport map @lead`,
    '',
  ].join('\n')
}
