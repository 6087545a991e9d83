import type { Runner, RunContext } from '../../plan/runner.ts'
import { Problem } from '../../problem/problem.ts'
import { forgetAside, readAsides, writeAside } from '../catalogue/catalogue.run.ts'
import { comparedText } from '../catalogue/render.ts'
import { undoneName } from './aside.plan.ts'
import { backupNamed, openChain } from '../backup/copy.run.ts'
import type { DataContext } from '../engine.ts'
import { engineFor, engineForBoth } from '../engines/table.run.ts'
import { withData } from '../lock.run.ts'
import type { Aside, Dataset } from '../model.ts'
import { datasetNamed, settingsOf } from '../settings/settings.run.ts'
import { withWork } from '../work.run.ts'

/** What acts on a dataset's live data, alone and with a work folder. */
const withDataset = <Result>(
  project: string,
  context: RunContext,
  name: string,
  act: (dataset: Dataset, data: DataContext, room: string) => Promise<Result>,
): Promise<Result> =>
  withData(project, context, async () => {
    const dataset = datasetNamed(await settingsOf(project), name)
    return withWork(project, context, (data, room) => act(dataset, data, room))
  })

const discardLimitMs = 60_000

/** Restores beside the live data. If anything differs from the manifest, nothing of it stays. */
export const runLoad: Runner<'restore.load'> = async (params, context) => {
  const { project, id, from, keys, to = null, live, beside, at, release } = params
  const backup = await backupNamed(project, id)
  await withDataset(project, context, backup.dataset, async (dataset, data, room) => {
    const { contents, earlier } = await openChain(backup, { from, keys }, data, room)
    const engine = engineForBoth(dataset, contents)
    const { name } = dataset
    await writeAside(project, {
      dataset: name,
      is: 'beside',
      name: beside,
      was: live,
      at,
      backup: id,
      release,
    })
    const discard = async () => {
      await engine.discard(dataset, beside, {
        ...data,
        signal: AbortSignal.timeout(discardLimitMs),
      })
      await forgetAside(project, beside)
    }
    const differences = await engine
      .load(dataset, contents, beside, { ...data, origin: { store: from, to, earlier } })
      .catch(async (error: unknown) => {
        // Half of it would fill the disk of the database; a record stays if it cannot be removed now.
        await discard().catch(() => undefined)
        throw error
      })
    if (differences.length === 0) {
      // Of a moment there is no manifest to compare with; the engine tells how far it came.
      if (to === null) context.note(comparedText(backup), 'stays')
      return
    }
    await discard()
    throw new Problem({
      code: 'data/not-as-backed-up',
      summary: 'What was restored is not what was backed up; the live data was not touched.',
      detail: `${id}: ${differences[0]}${differences.length > 1 ? `, and ${differences.length - 1} more` : ''}.`,
      fix: [`zarpe backup verify ${id}`, 'zarpe backup list    # choose another one'],
      evidence: differences.slice(0, 12),
    })
  })
}

/** The record is written first: after a kill it tells what may have been put aside. */
export const runSwap: Runner<'restore.swap'> = async (params, context) => {
  const { project, id, live, beside, aside, at, release } = params
  const backup = await backupNamed(project, id)
  await withDataset(project, context, backup.dataset, async (dataset, data) => {
    const record: Aside = {
      dataset: dataset.name,
      is: 'aside',
      name: aside,
      was: live,
      at,
      backup: id,
      release,
    }
    await writeAside(project, record)
    await engineFor(dataset.kind).swap(dataset, { live, beside, aside }, data)
    await forgetAside(project, beside)
  })
}

export const runBack: Runner<'restore.back'> = async ({ project, aside: name }, context) => {
  const aside = await asideNamed(project, name)
  if (aside.is !== 'aside') throw notAside(name)
  const undone = undoneName(name)
  await withDataset(project, context, aside.dataset, async (dataset, data) => {
    const engine = engineFor(dataset.kind)
    // The record of a swap is written before it: it may never have come to it.
    const isThere =
      (await engine.there(dataset, name, data)) || (await engine.there(dataset, undone, data))
    if (isThere) {
      // It was live until now: the next undo without a name takes this one.
      const at = new Date(context.now()).toISOString()
      await writeAside(project, { ...aside, at, name: undone, release: null })
      await engine.swap(dataset, { live: aside.was, beside: name, aside: undone }, data)
    }
    await forgetAside(project, name)
    // Somebody has asked for it; the abort of a release asks for whatever may have come about.
    if (!isThere && aside.release === null) throw neverAside(name, aside.was)
  })
}

export const runDiscard: Runner<'restore.discard'> = async ({ project, aside: name }, context) => {
  const aside = await asideNamed(project, name)
  await withDataset(project, context, aside.dataset, async (dataset, data) => {
    await engineFor(dataset.kind).discard(dataset, name, data)
    await forgetAside(project, name)
  })
}

/** Fails when live data is not as `expect` in zarpe.yml says. */
export const runExpect: Runner<'data.expect'> = async ({ project, datasets }, context) => {
  const settings = await settingsOf(project)
  for (const name of datasets) {
    const dataset = datasetNamed(settings, name)
    const unmet = await withWorkOnly(project, context, (data) =>
      engineFor(dataset.kind).expect(dataset, dataset.expect, data),
    )
    if (unmet.length === 0) continue
    throw new Problem({
      code: 'data/unexpected',
      summary: 'The data is not as it is expected to be.',
      detail: `${name}: ${unmet.join('; ')}.`,
      fix: ['Look at `expect` in zarpe.yml, and at the data.', 'zarpe backup list'],
    })
  }
}

const withWorkOnly = <Result>(
  project: string,
  context: RunContext,
  act: (data: DataContext) => Promise<Result>,
) => withData(project, context, () => withWork(project, context, act))

const notAside = (name: string) =>
  new Problem({
    code: 'data/not-aside',
    summary: 'This was never live: a restore that was cut short has left it.',
    detail: `"${name}" may hold a part of a backup alone, and is not put in anybody's place.`,
    fix: [`zarpe backup discard ${name}`, 'zarpe backup restore'],
  })

const asideNamed = async (project: string, name: string): Promise<Aside> => {
  const found = (await readAsides(project)).find((aside) => aside.name === name)
  if (found) return found
  throw new Problem({
    code: 'data/no-such-aside',
    summary: 'Nothing of that name was put aside.',
    detail: `No restore of ${project} has put "${name}" aside, or it is gone.`,
    fix: ['zarpe backup asides'],
  })
}

const neverAside = (name: string, was: string) =>
  new Problem({
    code: 'data/never-aside',
    summary: 'There is nothing to put back.',
    detail: `The restore that would have put ${was} aside as ${name} did not come so far; its record is gone now, and ${was} is as it was.`,
    fix: ['zarpe backup asides'],
  })
