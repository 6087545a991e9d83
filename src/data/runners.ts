import type { Runners } from '../plan/runner.ts'
import { runConfigure, runUnconfigure } from './settings/configure.run.ts'
import { runFind } from './catalogue/find.run.ts'
import { runPasswordsBack } from './provision/passwords.run.ts'
import { runProvision } from './provision/provision.run.ts'
import { runProve } from './backup/prove.run.ts'
import { runConclude, runPrune } from './backup/prune.run.ts'
import { runBack, runDiscard, runExpect, runLoad, runSwap } from './restore/restore.run.ts'
import { runSend } from './backup/send.run.ts'
import type { DataSteps } from './steps.ts'
import { runTake } from './backup/take.run.ts'
import { runArchive } from './wal/archive.run.ts'

/** What does each kind of step on data. */
export const dataRunners: Pick<Runners, keyof DataSteps> = {
  'backup.conclude': runConclude,
  'backup.find': runFind,
  'backup.prove': runProve,
  'backup.prune': runPrune,
  'backup.send': runSend,
  'backup.take': runTake,
  'data.configure': runConfigure,
  'data.expect': runExpect,
  'data.passwords-back': runPasswordsBack,
  'data.provision': runProvision,
  'data.unconfigure': runUnconfigure,
  'restore.back': runBack,
  'restore.discard': runDiscard,
  'restore.load': runLoad,
  'restore.swap': runSwap,
  'wal.archive': runArchive,
}
