import type { Runners } from '../plan/runner.ts'
import { runAwait } from './services/await.run.ts'
import { runPull, runRemoveImage } from './images/image.run.ts'
import { runJob } from './services/job.run.ts'
import { runCreateNetwork, runRemoveNetwork } from './services/network.run.ts'
import { runClose, runCommit, runForget, runForgetProject, runOpen } from './records/release.run.ts'
import { runCreateSecret, runRemoveSecret } from './secrets/secret.run.ts'
import { runApply, runRemove, runRetire, runStart } from './services/service.run.ts'
import type { ReleaseSteps } from './steps.ts'

/** What does each kind of step of a release. */
export const releaseRunners: Pick<Runners, keyof ReleaseSteps> = {
  'image.pull': runPull,
  'image.remove': runRemoveImage,
  'job.run': runJob,
  'network.create': runCreateNetwork,
  'network.remove': runRemoveNetwork,
  'project.forget': runForgetProject,
  'release.open': runOpen,
  'release.commit': runCommit,
  'release.close': runClose,
  'release.forget': runForget,
  'secret.create': runCreateSecret,
  'secret.remove': runRemoveSecret,
  'service.apply': runApply,
  'service.await': runAwait,
  'service.remove': runRemove,
  'service.retire': runRetire,
  'service.start': runStart,
}
