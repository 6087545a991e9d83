import type { Runners } from '../plan/runner.ts'
import { runFirewall, runSshd, runUser } from './run/access.run.ts'
import { runConfirm } from './guard/guard.run.ts'
import { runHold, runPackages, runPackageSource } from './run/packages.run.ts'
import type { ServerSteps } from './steps.ts'
import { runSwarm } from './run/swarm.run.ts'
import {
  runLeaveSwarm,
  runRemoveEdge,
  runRemovePath,
  runRemoveUnit,
  runRemoveUser,
  runUnhold,
} from './uninstall/run.ts'
import { runFile, runSwapFile, runSysctl, runUnit } from './run/system.run.ts'

/** One runner for every kind of step of this room. They run on the server, as root. */
export const serverRunners: Pick<Runners, keyof ServerSteps> = {
  'server.packages': runPackages,
  'server.package-source': runPackageSource,
  'server.hold': runHold,
  'server.file': runFile,
  'server.unit': runUnit,
  'server.sysctl': runSysctl,
  'server.swap-file': runSwapFile,
  'server.user': runUser,
  'server.swarm': runSwarm,
  'server.firewall': runFirewall,
  'server.sshd': runSshd,
  'server.confirm': runConfirm,
  'server.remove-path': runRemovePath,
  'server.remove-unit': runRemoveUnit,
  'server.remove-user': runRemoveUser,
  'server.unhold': runUnhold,
  'server.leave-swarm': runLeaveSwarm,
  'server.remove-edge': runRemoveEdge,
}
