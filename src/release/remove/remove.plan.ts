import { alertSettingsGone } from '../../alerts/settings.plan.ts'
import { localFolder } from '../../data/places.ts'
import { dataSettingsGone } from '../../data/settings/settings.plan.ts'
import type { Plan } from '../../plan/plan.ts'
import { basisOf } from '../basis.ts'
import { isBuiltFor } from '../names.ts'
import type { Observed } from '../model.ts'
import { spentSecrets } from '../secrets/secret.plan.ts'
import { recordedGraceMs } from '../services/grace.ts'
import { nothingReleased } from '../problems.ts'
import { step } from '../step.ts'

/** Takes a project off a server. Its volumes stay, and are named. */
export const planRemove = (observed: Observed, title: string): Plan => {
  const { project, edge, releases } = observed
  const images = Object.entries(observed.images)
    .filter(([reference, present]) => present && isBuiltFor(project, reference))
    .map(([reference]) => step.removeImage(reference, 'nothing else runs it'))
  const nothing = releases.length === 0 && observed.services.length === 0 && !observed.network
  if (nothing) throw nothingReleased(`There is nothing of ${title} to remove.`, 'zarpe status')
  const last = 'nothing of it is left to reach'
  return {
    verb: 'remove',
    title: `remove ${title}`,
    scope: project,
    basis: basisOf(observed),
    steps: [
      ...dataSettingsGone(observed.data, 'there will be nothing to back up'),
      ...alertSettingsGone(observed, 'there will be nothing to look at'),
      ...(edge.apps.some((app) => app.project === project)
        ? [step.configure(project, null, 'nobody is to be sent there any more')]
        : []),
      ...observed.services.map(({ name }) =>
        step.remove(name, 'it is to go', {
          downtime: true,
          graceMs: recordedGraceMs(observed, name),
        }),
      ),
      ...(edge.networks.includes(project) ? [step.detach(project, last)] : []),
      ...(observed.network ? [step.removeNetwork(project, last)] : []),
      ...spentSecrets(observed, [], 'nothing mounts it any more'),
      ...images,
      step.forgetProject(project, 'the last thing that is known of it'),
    ],
    notes: [
      ...volumesOf(observed).map(
        (volume) =>
          `volume ${volume} stays; to remove it too, on the server: docker volume rm ${volume}`,
      ),
      ...(observed.data.backups.length > 0
        ? [
            `${observed.data.backups.length} backups stay, in ${localFolder}/${project} and in their stores`,
          ]
        : []),
    ],
  }
}

const volumesOf = (observed: Observed) => [
  ...new Set(
    observed.releases.flatMap((release) =>
      release.services.flatMap((service) =>
        (service.spec.TaskTemplate.ContainerSpec.Mounts ?? [])
          .filter((mount) => mount.Type === 'volume' && mount.Source)
          .map((mount) => mount.Source!),
      ),
    ),
  ),
]
