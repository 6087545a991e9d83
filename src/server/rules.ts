import type { Rule } from './rule.ts'
import { coreDumps } from './rules/core-dumps.ts'
import { deployUser } from './rules/deploy-user.ts'
import { docker } from './rules/docker.ts'
import { firewall } from './rules/firewall.ts'
import { journal } from './rules/journal.ts'
import { kernel } from './rules/kernel.ts'
import { modules } from './rules/modules.ts'
import { packages } from './rules/packages.ts'
import { shells } from './rules/shells.ts'
import { ssh } from './rules/ssh.ts'
import { stableInterface } from './rules/stable-address.ts'
import { swap } from './rules/swap.ts'
import { swarm } from './rules/swarm.ts'
import { timeSync } from './rules/time-sync.ts'
import { updates } from './rules/updates.ts'

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
