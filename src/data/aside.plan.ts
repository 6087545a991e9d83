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
    notes: act === 'undo' ? [`what is live now stays as ${aside.name}_undone`] : [],
  }
}

/** The one that is named, or the only one there is. */
export const chosenAside = ({ asides }: ObservedData, name: string | undefined): Aside => {
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
