import type { ComposeProject, ComposeService } from '../compose/model.ts'
import { isServerOfData } from './keeps.ts'
import type { Marked } from './marked.ts'
import { markedWhy } from './marks.ts'

/** A service that others wait for until it has ended: what `release.migrate` is for. */
export type Migration = {
  /** The service of the Compose file that does it now. */
  from: string
  /** One that runs on with the same image, and what it would run. */
  service: string
  command: string[]
}

/** The migration of a project, and services that look like one and stay as they are, with the reason. */
export const migrationOf = (
  compose: ComposeProject,
  marked: Marked,
): { migrate: Migration | null; left: { service: string; why: string }[] } => {
  const left: { service: string; why: string }[] = []
  let migrate: Migration | null = null
  for (const [from, each] of Object.entries(compose.services)) {
    const isAwaited = Object.values(compose.services).some(
      (other) => other.depends_on?.[from]?.condition === 'service_completed_successfully',
    )
    if (!isAwaited || !each.command?.length || each.entrypoint?.length) continue
    const twins = Object.entries(compose.services).filter(
      ([name, other]) => name !== from && hasImageOf(other, each),
    )
    if (twins.length === 0) continue
    const twin = twins.find(([, other]) => !isServerOfData(other) && !differenceOf(each, other))
    const why = marked[from]?.hasMarkedCommand
      ? markedWhy
      : twin
        ? migrate && `release.migrate is one command, and that of ${migrate.from} is taken`
        : whyNot(each, twins)
    if (why !== null) left.push({ service: from, why })
    else migrate = { from, service: twin![0], command: each.command }
  }
  return { migrate, left }
}

const whyNot = (each: ComposeService, twins: [string, ComposeService][]): string => {
  const [name, other] = twins.find(([, twin]) => !isServerOfData(twin)) ?? twins[0]!
  if (isServerOfData(other))
    return `${name}, which has its image, is a server of data; release.migrate is for apps`
  return `release.migrate would run it as ${name}, whose ${differenceOf(each, other)} it does not have`
}

/** Beside image and command, all that decides what the command finds and what it may do. */
const differenceOf = (one: ComposeService, other: ComposeService): string | undefined =>
  (
    ['environment', 'volumes', 'secrets', 'configs', 'user', 'working_dir', 'entrypoint'] as const
  ).find((key) => sorted(partOf(one, key)) !== sorted(partOf(other, key)))

const partOf = (service: ComposeService, key: string): unknown =>
  (service as Record<string, unknown>)[key] ?? null

/** Names of a mapping may stand in any order, and none is as good as an empty one. */
const sorted = (part: unknown): string =>
  typeof part === 'object' && part !== null && !Array.isArray(part)
    ? JSON.stringify(Object.entries(part).toSorted(([left], [right]) => (left < right ? -1 : 1)))
    : JSON.stringify(part ?? [])

const hasImageOf = (one: ComposeService, other: ComposeService): boolean =>
  one.build || other.build
    ? JSON.stringify(buildOf(one)) === JSON.stringify(buildOf(other))
    : one.image === other.image

const buildOf = ({ build }: ComposeService) =>
  build && [
    build.context,
    build.dockerfile ?? 'Dockerfile',
    build.target ?? null,
    build.args ?? null,
  ]
