import { createHash } from 'node:crypto'
import { readText, removePath, within, writeDurable } from '../host/files/durable.ts'
import { userFolder } from '../host/machine/home.ts'
import { Problem } from '../../problem/problem.ts'
import type { Greeting } from '../wire/greeting.ts'
import type { SshTarget } from './target.ts'

// Which machine was last seen behind a name. A host key tells servers apart only as long as nobody
// copies a disk or takes a line out of known_hosts; a machine has an id of its own.

export type Machine = { machine: string; hostname: string; since: string; processor?: string }

/** `$XDG_STATE_HOME/zarpe/machines`: a file for each name, so that two commands never write one. */
const folder = () => within(userFolder('XDG_STATE_HOME', '.local', 'state'), 'zarpe', 'machines')

type Name = Pick<SshTarget, 'host' | 'port'>

/** The same name may mean another server in another ssh_config. */
const fileOf = ({ host, port }: Name, sshConfig = process.env['ZARPE_SSH_CONFIG']) => {
  const hash = sshConfig ? createHash('sha256').update(sshConfig).digest('hex').slice(0, 12) : ''
  const parts = [host.replaceAll(/[:%]/g, '_'), ...(port === null ? [] : [port]), hash]
  return within(folder(), `${parts.filter(Boolean).join(',')}.json`)
}

/** The machine that was behind this name before; null if none was seen, or the file is damaged. */
const machineOf = async (target: Name): Promise<Machine | null> => {
  const text = await readText(fileOf(target))
  try {
    const known = text === null ? null : (JSON.parse(text) as Machine)
    return typeof known?.machine === 'string' ? known : null
  } catch {
    return null
  }
}

/** Remembers the machine that answers to this name, in the place of any before. */
export const rememberMachine = async (target: Name, greeting: Greeting): Promise<void> => {
  if (greeting.machine === '') return
  const { machine, hostname = '', processor } = greeting
  const since = new Date().toISOString()
  await write(target, { machine, hostname, since, ...(processor ? { processor } : {}) })
}

const write = (target: Name, known: Machine): Promise<void> =>
  writeDurable(fileOf(target), `${JSON.stringify(known)}\n`)

/** The id of the machine that was last seen behind a name; null if nobody knows. */
export const knownMachine = async (target: Name): Promise<string | null> =>
  (await machineOf(target))?.machine ?? null

/** The processor of the machine that was last seen behind a name, as Docker names it; null if nobody knows. */
export const knownProcessor = async (target: Name): Promise<string | null> =>
  (await machineOf(target))?.processor ?? null

/** Forgets who was behind a name of an ssh_config: the lab gives its names away again. */
export const forgetMachine = (host: string, sshConfig: string): Promise<void> =>
  removePath(fileOf({ host, port: null }, sshConfig))

/**
 * The machine that was known by this name if it is another than the one that answers now, else null.
 * The first one that answers is remembered.
 */
export const formerMachine = async (target: Name, greeting: Greeting): Promise<Machine | null> => {
  if (greeting.machine === '') return null
  const known = await machineOf(target)
  // Where nothing can be kept, as in many a CI job, known_hosts alone tells servers apart.
  if (known === null) await rememberMachine(target, greeting).catch(() => undefined)
  if (known !== null && known.machine !== greeting.machine) return known
  const { processor } = greeting
  if (known && processor && known.processor !== processor)
    await write(target, { ...known, processor }).catch(() => undefined)
  return null
}

/** Says in one sentence which machine answers and which did before. */
export const otherMachineText = (target: SshTarget, greeting: Greeting, former: Machine) =>
  `${target.text} is ${named(greeting)} now; until now it was ${named(former)}, known since ${former.since.slice(0, 10)}.`

const named = ({ machine, hostname }: Pick<Greeting, 'machine' | 'hostname'>) =>
  `the machine ${machine.slice(0, 12)}${hostname ? ` ("${hostname}")` : ''}`

/** Refuses to work on a server that is not the one that was known by this name. */
export const otherMachine = (target: SshTarget, greeting: Greeting, former: Machine) =>
  new Problem({
    code: 'ssh/other-machine',
    summary: 'Another server answers to this name than before; nothing was done.',
    detail: otherMachineText(target, greeting, former),
    fix: [
      'If it is the wrong one: correct `servers` in zarpe.yml, your DNS or your ssh_config.',
      `If it shall take the name over: zarpe setup ${target.text}    # asks, and remembers it`,
    ],
  })
