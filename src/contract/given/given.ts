import { expanded } from '../../io/engine/template.ts'
import type { Service } from '../../io/engine/types.ts'
import type { Release } from '../../release/model.ts'
import type { ByService } from '../methods.ts'

/** Set by Zarpe itself, and another one in each release. */
export const ownVariable = 'ZARPE_RELEASE'

/** The values that the engine holds for the services of a release, as their containers get them. */
export const givenTo = (
  release: Pick<Release, 'services'>,
  services: Pick<Service, 'Spec'>[],
): ByService =>
  Object.fromEntries(
    release.services.flatMap(({ service, swarmService }) => {
      const found = services.find(({ Spec }) => Spec.Name === swarmService)
      return found ? [[service, valuesOf(found.Spec.TaskTemplate.ContainerSpec.Env ?? [])]] : []
    }),
  )

const valuesOf = (lines: string[]): Record<string, string> =>
  Object.fromEntries(
    lines
      .map(expanded)
      .map((line): [string, string] => {
        const cut = line.indexOf('=')
        return cut < 0 ? [line, ''] : [line.slice(0, cut), line.slice(cut + 1)]
      })
      .filter(([name]) => name !== ownVariable),
  )
