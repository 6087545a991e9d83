import { readText } from '../../io/host/durable.ts'
import { run } from '../../io/host/process.ts'
import { type Generation, privatePorts } from './render.ts'

const pollMs = 10
const listenWithinMs = 20_000
const commandLimitMs = 10_000

/** Waits until a generation's own HTTPS port is listened on in a process's network, or `given` up. */
export const awaitListening = async (
  pid: number,
  generation: Generation,
  sleep: (ms: number) => Promise<void>,
  given: () => boolean,
): Promise<boolean> => {
  const port = privatePorts[generation].https.toString(16).toUpperCase().padStart(4, '0')
  // `:PORT` of any local address, no peer yet, state 0A: listening.
  const listening = new RegExp(`:${port} [0-9A-F]+:0000 0A `)
  for (let waitedMs = 0; waitedMs < listenWithinMs && !given(); waitedMs += pollMs) {
    const tables = await Promise.all(
      ['tcp', 'tcp6'].map((name) => readText(`/proc/${pid}/net/${name}`)),
    )
    if (tables.some((table) => table && listening.test(table))) return true
    await sleep(pollMs)
  }
  return false
}

/**
 * Sends new connections to one generation of listeners, in the network of the edge's container
 * alone. Only a first SYN matches, so that no connection that exists is touched. The table stays
 * until the next load replaces it: taking it away would undo the translation of connections that
 * live. It goes with the container's network, and then the public ports answer by themselves.
 * False when the server has no `nft`: a load then costs a few requests, but works.
 */
export const steer = async (pid: number, generation: Generation): Promise<boolean> => {
  await inNetworkOf(pid, ['tee', closeTimeout.path], closeTimeout.seconds)
  return inNetworkOf(pid, ['nft', '-f', '-'], steerRules(generation))
}

/**
 * A connection that ended with a reset is remembered with its translation for 10 s; a client that
 * uses the same port again meanwhile would be led to the old listeners, which close after 4 s.
 */
const closeTimeout = {
  path: '/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_close',
  seconds: '1',
}

const inNetworkOf = async (pid: number, argv: string[], input: string): Promise<boolean> => {
  const all = ['--target', String(pid), '--net', ...argv]
  const result = await run('nsenter', all, { input, limitMs: commandLimitMs }).catch(() => null)
  return result?.code === 0
}

/**
 * The chain is made if it lacks, and its rules are replaced, in one transaction: at no moment is
 * the network without a NAT chain.
 */
export const steerRules = (generation: Generation): string => {
  const { http, https } = privatePorts[generation]
  const chain = 'inet zarpe_edge prerouting'
  const rule = (from: number, to: number) =>
    `add rule ${chain} tcp dport ${from} tcp flags & (fin|syn|rst|ack) == syn redirect to :${to}`
  return [
    'add table inet zarpe_edge',
    `add chain ${chain} { type nat hook prerouting priority -101; policy accept; }`,
    `flush chain ${chain}`,
    rule(443, https),
    rule(80, http),
    '',
  ].join('\n')
}
