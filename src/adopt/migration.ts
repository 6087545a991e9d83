import type { ComposeProject, ComposeService } from '../compose/model.ts'

/** A service that others wait for until it has ended: what `release.migrate` is for. */
export type Migration = {
  /** The service of the Compose file that does it now. */
  from: string
  /** One that runs on with the same image, and what it would run. */
  service: string
  command: string[]
  /** Services that wait for it. */
  waiting: string[]
}

/** The migration of a project, if one service does it and another has its image. */
export const migrationOf = (compose: ComposeProject): Migration | null => {
  for (const [from, each] of Object.entries(compose.services)) {
    const waiting = Object.entries(compose.services)
      .filter(
        ([, other]) => other.depends_on?.[from]?.condition === 'service_completed_successfully',
      )
      .map(([name]) => name)
    if (waiting.length === 0 || !each.command?.length || each.entrypoint?.length) continue
    const twin = Object.entries(compose.services).find(
      ([name, other]) => name !== from && hasImageOf(other, each),
    )
    if (twin) return { from, service: twin[0], command: each.command, waiting }
  }
  return null
}

const hasImageOf = (one: ComposeService, other: ComposeService): boolean =>
  one.build || other.build
    ? JSON.stringify(buildOf(one)) === JSON.stringify(buildOf(other))
    : one.image === other.image

const buildOf = ({ build }: ComposeService) =>
  build && [build.context, build.dockerfile ?? 'Dockerfile', build.target ?? null]
