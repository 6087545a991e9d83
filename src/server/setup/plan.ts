import { fingerprint } from '../../plan/fingerprint.ts'
import type { Plan } from '../../plan/plan.ts'
import { Problems } from '../../problem/problem.ts'
import { basisOf, type Facts, type SetupSettings } from '../model.ts'
import { setupProblems } from './problems.ts'
import { serverStep } from '../rules/rule.ts'
import { rules } from '../rules/rules.ts'
import type { GuardName } from '../steps.ts'

/** What is still to be done until every rule holds; throws `Problems` if it can't be done here. */
export const planSetup = (facts: Facts, settings: SetupSettings): Plan => {
  const problems = setupProblems(facts, settings)
  if (problems.length > 0) throw new Problems(problems)
  const steps = rules.flatMap((rule) => rule.wanted(facts, settings))
  return {
    verb: 'setup',
    title: `set up ${facts.hostname}`,
    scope: 'server',
    basis: fingerprint(basisOf(facts)),
    steps,
    notes: [
      ...rules.flatMap((rule) => rule.notes?.(facts, settings) ?? []),
      ...(facts.rebootRequired ? ['an earlier upgrade waits for a reboot of this server'] : []),
    ],
  }
}

/** The changes of a plan that undo themselves unless `planConfirm` follows. */
export const guardedBy = (plan: Plan): GuardName[] =>
  plan.steps.flatMap((step): GuardName[] => {
    if (step.kind === 'server.sshd') return ['sshd']
    return step.kind === 'server.firewall' ? ['firewall'] : []
  })

/** Keeps the guarded changes; to be run after a new login, with the old one open, has worked. */
export const planConfirm = (facts: Facts): Plan => {
  const guards = (['firewall', 'sshd'] as const).filter((name) => facts.guards[name] === 'armed')
  const cause = 'a new login has worked'
  return {
    verb: 'setup',
    title: `keep the changes to ${facts.hostname}`,
    scope: 'server',
    basis: fingerprint(basisOf(facts)),
    steps: guards.map((guard) => serverStep('server.confirm', guard, cause, { guard })),
    notes: [],
  }
}
