import type { Plan } from '../plan/plan.ts'
import { Problem } from '../problem/problem.ts'
import type { Aside, ObservedData } from './model.ts'
import { step } from './step.ts'

/** Puts back what a restore has put aside, or removes it for good. */
export const asidePlan = (
  act: 'undo' | 'discard',
  aside: Aside,
  project: string,
  basis: string,
  title: string,
): Plan => {
  const back = step.back(project, aside.name, `it was ${aside.was} until ${aside.at}`)
  const discard = step.discard(project, aside.name, `it is not needed any more`)
  return {
    verb: `backup ${act}`,
    title:
      act === 'undo'
        ? `${aside.name} in the place of ${aside.was} of ${title}`
        : `remove ${aside.name} of ${title}`,
    scope: project,
    basis,
    steps: [act === 'undo' ? back : discard],
    notes: act === 'undo' ? [`what is live now stays as ${undoneName(aside.name)}`] : [],
  }
}

/** What is live is called so when `aside` takes its place again. To undo that gives it its first name. */
export const undoneName = (aside: string): string =>
  aside.endsWith('_undone') ? aside.slice(0, -'_undone'.length) : `${aside}_undone`

/** The one that is named, or the only one there is. What was never live cannot be put back. */
export const chosenAside = (
  act: 'undo' | 'discard',
  observed: ObservedData,
  name: string | undefined,
): Aside => {
  const asides = observed.asides.filter(({ is }) => act === 'discard' || is === 'aside')
  const found =
    name === undefined && asides.length === 1
      ? asides[0]
      : asides.find((each) => each.name === name)
  if (found) return found
  throw new Problem({
    code: 'data/no-such-aside',
    summary: 'It is not clear what is meant of what was put aside.',
    detail: `Aside are: ${asides.map((each) => each.name).join(', ') || 'none'}.`,
    fix: ['zarpe backup asides'],
  })
}
