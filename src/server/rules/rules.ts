import type { Rule } from './rule.ts'
import { coreDumps } from './core-dumps.ts'
import { deployUser } from './deploy-user.ts'
import { docker } from './docker.ts'
import { firewall } from './firewall.ts'
import { journal } from './journal.ts'
import { kernel } from './kernel.ts'
import { modules } from './modules.ts'
import { packages } from './packages.ts'
import { shells } from './shells.ts'
import { ssh } from './ssh.ts'
import { stableInterface } from './stable-address.ts'
import { swap } from './swap.ts'
import { swarm } from './swarm.ts'
import { timeSync } from './time-sync.ts'
import { updates } from './updates.ts'

/**
 * All rules in the order in which they are applied. The two that could lock the operator out come
 * last: they undo themselves after a short while, so nothing slow may stand between them and the
 * proof that a new login works.
 */
export const rules: Rule[] = [
  packages,
  timeSync,
  swap,
  journal,
  kernel,
  modules,
  coreDumps,
  stableInterface,
  docker,
  swarm,
  updates,
  deployUser,
  shells,
  firewall,
  ssh,
]
