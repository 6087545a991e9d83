import type { Client, ConnectConfig, SFTPWrapper } from 'ssh2'
import { StoreFault } from '../fault.ts'
import { faultOfConnecting } from './faults.ts'
import {
  algorithmsFor,
  fingerprintOf,
  type HostKey,
  hostKeyOf,
  hostKeyText,
  parseHostKey,
} from './hostkey.ts'

/** Where to log in and how the server is known. One of `password` and `key` is there. */
export type SftpTarget = {
  host: string
  port: number
  user: string
  password: string | null
  key: string | null
  /** "ssh-ed25519 AAAA…"; an empty one is never trusted, and the fault tells what was shown. */
  hostKey: string
}

/** An open line: what can be asked, how it ends, and why it did. */
export type SftpLine = {
  sftp: SFTPWrapper
  end: () => void
  /** Settles when the line is gone, whoever ended it. */
  gone: Promise<Error>
}

const connectLimitMs = 20_000
const keepaliveMs = 10_000

/** In the order of what a server's processor does best; nothing that OpenSSH calls weak. */
const ciphers = [
  'aes128-gcm@openssh.com',
  'aes256-gcm@openssh.com',
  'chacha20-poly1305@openssh.com',
  'aes128-ctr',
  'aes256-ctr',
] as const

/**
 * Logs in over SFTP. The server's key is compared with the pinned one before anything secret is said.
 * The library is loaded when a store needs it, for most verbs never.
 */
export const connectSftp = async (target: SftpTarget, signal: AbortSignal): Promise<SftpLine> => {
  const pin = parseHostKey(target.hostKey)
  try {
    return await open(target, pin, algorithmsFor(pin), signal)
  } catch (thrown) {
    // The server has no key of the pinned type any more: ask what it has, to say so.
    if (pin !== null && thrown instanceof Error && /no matching host key/.test(thrown.message))
      return open(target, pin, algorithmsFor(null), signal)
    throw thrown
  }
}

const open = async (
  target: SftpTarget,
  pin: HostKey | null,
  serverHostKey: ReturnType<typeof algorithmsFor>,
  signal: AbortSignal,
): Promise<SftpLine> => {
  signal.throwIfAborted()
  const { default: ssh2 } = await import('ssh2')
  const client = new ssh2.Client()
  const where = `${target.host}:${target.port}`
  let shown: HostKey | null = null
  const hostVerifier = (blob: Buffer) => {
    shown = hostKeyOf(blob)
    return pin !== null && hostKeyText(shown) === hostKeyText(pin)
  }
  const config: ConnectConfig = {
    host: target.host,
    port: target.port,
    username: target.user,
    ...(target.key === null ? {} : { privateKey: target.key }),
    ...(target.password === null ? {} : { password: target.password, tryKeyboard: true }),
    authHandler: target.key === null ? ['password', 'keyboard-interactive'] : ['publickey'],
    hostVerifier,
    readyTimeout: connectLimitMs,
    keepaliveInterval: keepaliveMs,
    keepaliveCountMax: 3,
    algorithms: { serverHostKey, cipher: [...ciphers] },
  }
  answerPassword(client, target.password)
  const end = () => client.destroy()
  signal.addEventListener('abort', end, { once: true })
  const gone = goneOf(client)
  try {
    return { sftp: await ready(client, config, gone), end, gone }
  } catch (thrown) {
    end()
    signal.throwIfAborted()
    if (shown !== null && !(pin !== null && hostKeyText(shown) === hostKeyText(pin)))
      throw notPinned(where, pin, shown, thrown)
    throw faultOfConnecting(thrown, where)
  } finally {
    // The line outlives the act that opened it.
    signal.removeEventListener('abort', end)
  }
}

const ready = (client: Client, config: ConnectConfig, gone: Promise<Error>) =>
  new Promise<SFTPWrapper>((resolve, reject) => {
    client.once('error', reject)
    client.once('ready', () => {
      client.sftp((error, sftp) => (error ? reject(error) : resolve(sftp)))
    })
    gone.then(reject, reject)
    // Throws at once when the private key cannot be read.
    client.connect(config)
  })

/** Some servers take a password only as the answer to a question. One question is the password's. */
const answerPassword = (client: Client, password: string | null) => {
  client.on('keyboard-interactive', (_name, _text, _language, prompts, answer) => {
    answer(prompts.length === 1 && password !== null ? [password] : [])
  })
}

const goneOf = (client: Client) =>
  new Promise<Error>((resolve) => {
    let last: Error | undefined
    client.on('error', (error: Error) => (last = error))
    client.once('close', () => resolve(last ?? new Error('Connection lost')))
  })

const notPinned = (where: string, pin: HostKey | null, shown: HostKey, cause: unknown) => {
  const key = `${shown.type} ${fingerprintOf(shown)}`
  const options = { cause, hostKey: hostKeyText(shown) }
  return pin === null
    ? new StoreFault('host-key-unpinned', `${where} shows ${key}`, options)
    : new StoreFault(
        'host-key-changed',
        `${where} shows ${key}, and ${pin.type} ${fingerprintOf(pin)} is pinned`,
        options,
      )
}
