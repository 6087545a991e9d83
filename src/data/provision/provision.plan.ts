import type { AnyStep } from '../../plan/kinds.ts'
import type { ObservedData } from '../model.ts'
import { step } from '../step.ts'
import type { ProvisionSeen, ProvisionWanted } from './model.ts'
import { verifiersAt } from './replaced.ts'

/** What a deploy knows of its databases when it is planned. */
export type Provisioning = {
  project: string
  wanted: ProvisionWanted[]
  seen: ProvisionSeen[]
  /** The release that is being made; null if what runs stays as it is. */
  release: number | null
  /** Whether a migration follows. */
  migrates: boolean
  /** Whether something serves that knows the passwords of now. */
  serves: boolean
}

/** Makes what a database lacks, before the migration and the app need it. One that has all of it is left alone. */
export const provisionSteps = (given: Provisioning): AnyStep[] =>
  given.wanted.flatMap((wanted) => {
    const missing = missingOf(given, wanted)
    if (missing?.length === 0) return []
    const { project, release, migrates, serves } = given
    const outage =
      release !== null &&
      serves &&
      (missing ?? []).some((words) => words.startsWith('password of '))
    const params = { project, wanted, release, makeSchemas: !migrates }
    return [step.provision(params, causeOf(missing), outage)]
  })

/** A migration makes tables, and may make schemas: whoever may use them can do so before the app starts. */
export const provisionAfter = (given: Provisioning): AnyStep[] =>
  given.wanted
    .filter(({ roles }) => roles.some(({ read, write }) => read.length + write.length > 0))
    .flatMap((wanted) => {
      const { project, release, migrates } = given
      if (!migrates) return []
      const params = { project, wanted, release, makeSchemas: true }
      const made = step.provision(params, 'what the migration has made is for its roles too', false)
      return [{ ...made, id: `${made.id}/after` }]
    })

/** A release that is taken back leaves the passwords as they were, for what serves knows those. */
export const passwordsTakenBack = (
  { project, replaced }: Pick<ObservedData, 'project' | 'replaced'>,
  release: number,
): AnyStep[] => {
  const roles = verifiersAt(replaced, release - 1).map(({ role }) => role)
  const params = { project, to: release - 1, release: null }
  if (roles.length === 0) return []
  return [step.passwordsBack(params, roles, `release ${release} is taken back`)]
}

/** What is brought back was given other passwords than those that later releases have set. */
export const passwordsBackTo = (
  { project, replaced }: Pick<ObservedData, 'project' | 'replaced'>,
  to: number,
  release: number,
): AnyStep[] => {
  const roles = verifiersAt(replaced, to).map(({ role }) => role)
  const params = { project, to, release }
  return roles.length === 0 ? [] : [step.passwordsBack(params, roles, `release ${to} knows those`)]
}

const missingOf = ({ seen }: Provisioning, { dataset }: ProvisionWanted): string[] | null =>
  seen.find((each) => each.dataset === dataset)?.missing ?? null

const namedMax = 4

const causeOf = (missing: string[] | null): string => {
  if (missing === null) return 'what it has is seen once it runs'
  const more = missing.length - namedMax
  return `missing: ${missing.slice(0, namedMax).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
