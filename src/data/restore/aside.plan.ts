import type { Plan } from '../../plan/plan.ts'
import { Problem } from '../../problem/problem.ts'
import type { Aside, DatasetKind, ObservedData } from '../model.ts'
import type { RestoreWords } from './restore-words.ts'
import { step } from '../step.ts'

/** `kind`: of the data that was put aside, as far as that is known. */
type Place = { project: string; basis: string; title: string; kind: DatasetKind | undefined }

/** Puts back what a restore has put aside, or removes it for good. */
export const asidePlan = (
  act: 'undo' | 'discard',
  aside: Aside,
  words: RestoreWords,
  { project, basis, title, kind }: Place,
): Plan => {
  const back = step.back(
    project,
    aside.name,
    `it ${words.aside(aside.was, aside.at, aside.backup)}`,
  )
  const archived =
    kind === 'cluster'
      ? [
          step.archive(
            { project, dataset: aside.dataset },
            'what was committed by now can be had again',
          ),
        ]
      : []
  const discard = step.discard(project, aside.name, `it is not needed any more`)
  return {
    verb: `backup ${act}`,
    title:
      act === 'undo'
        ? `${aside.name} ${words.into(aside.was)} of ${title}`
        : `remove ${aside.name} of ${title}`,
    scope: project,
    basis,
    steps: act === 'undo' ? [...archived, back] : [discard],
    notes: act === 'undo' ? [words.swap(undoneName(aside.name)), ...words.stays] : [],
  }
}

/** What kind of data was put aside; undefined if neither its backup nor its settings are there any more. */
export const kindOfAside = (
  { backups, configured }: Pick<ObservedData, 'backups' | 'configured'>,
  { backup, dataset }: Aside,
): DatasetKind | undefined =>
  backups.find(({ id }) => id === backup)?.kind ??
  configured?.datasets.find(({ name }) => name === dataset)?.kind

/** What is live is called so when `aside` takes its place again. To undo that gives it its first name. */
export const undoneName = (aside: string): string =>
  aside.endsWith('_undone') ? aside.slice(0, -'_undone'.length) : `${aside}_undone`

/**
 * The one that is named. Without a name: of what can be put back the newest, for that is what was just replaced, if all of it is of
 * one dataset; of what is to be removed the only one there is. What was never live cannot be put back.
 */
export const chosenAside = (
  act: 'undo' | 'discard',
  observed: ObservedData,
  name: string | undefined,
): Aside => {
  const asides = observed.asides.filter(({ is }) => act === 'discard' || is === 'aside')
  const newestFirst = asides.toSorted((left, right) => Date.parse(right.at) - Date.parse(left.at))
  // What was restored last of one thing is no answer to what is meant of another.
  const isOfOne = new Set(asides.map(({ dataset }) => dataset)).size === 1
  const isClear = asides.length === 1 || (act === 'undo' && isOfOne)
  const found =
    name === undefined && isClear ? newestFirst[0] : asides.find((each) => each.name === name)
  if (found) return found
  throw new Problem({
    code: 'data/no-such-aside',
    summary: 'It is not clear what is meant of what was put aside.',
    detail: `Aside are: ${asides.map((each) => each.name).join(', ') || 'none'}.`,
    fix: ['zarpe backup asides'],
  })
}
