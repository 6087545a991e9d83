import type { Engine } from '../../io/engine/engine.ts'
import { messageOf } from '../../problem/problem.ts'
import { currentRelease } from '../current.ts'
import type { Resolved } from '../methods.ts'
import type { Observed } from '../model.ts'

/**
 * Finds the digest that each image name stands for. The current release's answer stays good as long
 * as the name is the same: a moved tag must not replace a database on the next deploy of something
 * else. Otherwise the registry is asked, through the server's own engine.
 */
export const resolveReferences = async (
  engine: Engine,
  references: string[],
  observed: Observed,
): Promise<Record<string, Resolved>> => {
  const pinned = pinnedBy(observed)
  const entries = await Promise.all(
    references.map(
      async (reference) =>
        [reference, pinned.get(reference) ?? (await ask(engine, reference))] as const,
    ),
  )
  return Object.fromEntries(entries)
}

const pinnedBy = (observed: Observed): Map<string, Resolved> => {
  const services = currentRelease(observed)?.services ?? []
  return new Map(
    services.map(({ image }) => [
      image.reference.replace(/@sha256:.*$/, ''),
      { reference: image.reference, digest: image.digest },
    ]),
  )
}

const knownLimitMs = 5_000

const ask = async (engine: Engine, reference: string): Promise<Resolved> => {
  const digestInName = /@(sha256:[0-9a-f]{64})$/.exec(reference)?.[1]
  if (digestInName) {
    // Its digest is known without the registry; for which processors it is, is worth a question.
    const found = await engine.images.remote(reference, knownLimitMs).catch(() => null)
    return { reference, digest: digestInName, processors: found?.processors ?? [] }
  }
  try {
    const { digest, processors } = await engine.images.remote(reference)
    return { reference: `${reference}@${digest}`, digest, processors }
  } catch (error) {
    return { problem: messageOf(error) }
  }
}
