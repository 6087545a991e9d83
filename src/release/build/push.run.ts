import type { Service } from '../../app/model.ts'
import { within } from '../../io/host/files/durable.ts'
import { run } from '../../io/host/processes/process.ts'
import { messageOf } from '../../problem/problem.ts'
import type { Builder } from './builder.ts'
import { dockerOf } from './docker.run.ts'
import { notPushed } from './problems.ts'

const pushLimitMs = 3_600_000

/** An image as its engine knows it, and the name that it is pushed under: the one it was built under, or one for this alone. */
type Named = { image: string; pushed: string; isBuiltSo: boolean }

/**
 * Pushes an image into the registry beside its engine, and answers the digest that it has by that. From an engine that cannot
 * reach the registry it is taken out whole.
 */
export const push = async (
  service: Service,
  builder: Builder,
  { image, pushed, isBuiltSo }: Named,
  onLine: (line: string) => void,
): Promise<string> => {
  const docker = dockerOf(builder)
  if (!isBuiltSo) await docker(['image', 'tag', image, pushed], 60_000)
  try {
    const { code, stdout, stderr } = await docker(['push', pushed], pushLimitMs, onLine)
    const digest = /^\S+: digest: (sha256:[0-9a-f]{64}) size: \d+\s*$/m.exec(stdout)?.[1]
    if (code === 0 && digest) return digest
    if (!isOutOfReach(stderr, pushed)) throw notPushed(service, stderr)
    onLine('the engine does not reach this program; the image is taken out of it whole')
    return await takenOut(service, builder, image)
  } finally {
    if (!isBuiltSo) await untag(builder, pushed, onLine)
  }
}

/** What an engine says in whose network this machine's own address is another: one in a virtual machine, rootless, or remote. */
const outOfReach =
  /dial tcp|refused|reset by peer|time-?out|deadline exceeded|unreachable|proxyconnect|\bEOF\b|\b50[234]\b/

const isOutOfReach = (stderr: string, pushed: string) =>
  outOfReach.test(stderr.replaceAll(pushed.slice(0, pushed.lastIndexOf(':')), ''))

/** Has the engine save an image, and puts it into the registry in its place. */
const takenOut = (service: Service, builder: Builder, image: string): Promise<string> => {
  const { archives, signal } = builder
  const docker = dockerOf(builder)
  if (!archives) throw notPushed(service, 'The engine does not reach the registry beside it.')
  return archives
    .take(async (folder) => {
      const archive = within(folder, 'archive.tar')
      const saved = await docker(['image', 'save', '--output', archive, image], pushLimitMs)
      if (saved.code !== 0) throw new Error(saved.stderr)
      const argv = ['-xf', archive, '-C', folder]
      const unpacked = await run('tar', argv, { limitMs: pushLimitMs, signal })
      if (unpacked.code !== 0) throw new Error(unpacked.stderr)
    }, signal)
    .catch((error: unknown) => {
      signal.throwIfAborted()
      throw notPushed(service, messageOf(error))
    })
}

const untag = async (builder: Builder, name: string, onLine: (line: string) => void) => {
  // A build that was given up leaves no name behind either: it would keep its layers for ever.
  const { code, stderr } = await dockerOf(builder, null)(
    ['image', 'rm', '--no-prune', name],
    60_000,
  )
  if (code !== 0) onLine(`could not remove the tag ${name}: ${stderr.trim()}`)
}
