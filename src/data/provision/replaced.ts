import type { ServiceSource } from '../model.ts'
import type { ReplacedPassword } from './model.ts'

/** With the verifier of the password that was replaced, and where the role is. */
export type Replaced = ReplacedPassword & { source: ServiceSource; verifier: string | null }

/**
 * With what a release is about to replace. What a run that was cut has written for it already is the older one, and
 * stays. No release before `oldest` is kept, so that nobody goes back to what was before it.
 */
export const withReplaced = (before: Replaced[], more: Replaced[], oldest: number): Replaced[] => [
  ...before.filter(({ release }) => release > oldest),
  ...more.filter((each) => !before.some((known) => isSame(known, each))),
]

const isSame = (left: Replaced, right: Replaced) =>
  left.release === right.release && left.dataset === right.dataset && left.role === right.role

/** For each role the verifier that it had while a release served: what the next one replaced. */
export const verifiersAt = <Each extends ReplacedPassword>(
  all: Each[],
  release: number,
): Each[] => {
  const since = all
    .filter((each) => each.release > release)
    .toSorted((left, right) => left.release - right.release)
  return since.filter(
    ({ dataset, role }, index) =>
      since.findIndex((other) => other.dataset === dataset && other.role === role) === index,
  )
}
