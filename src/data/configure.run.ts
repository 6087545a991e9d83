import { namesIn, readText, removePath, within } from '../io/host/durable.ts'
import { writeFileWhole } from '../io/host/files.ts'
import { run, runOk } from '../io/host/process.ts'
import type { Runner } from '../plan/runner.ts'
import { removeReplaced } from './provision/replaced.run.ts'
import { readSettings, removeSettings, writeSettings } from './settings.run.ts'
import { isTimerOf, unitsOf } from './timers.ts'
import { leaveLog } from './wal/leave.run.ts'

const unitFolder = '/etc/systemd/system'
const options = { limitMs: 30_000 }

/** Writes the settings and makes the timers be exactly those that they ask for. */
export const runConfigure: Runner<'data.configure'> = async (params, context) => {
  const { settings, fingerprint } = params
  const { project, datasets } = settings
  const former = (await readSettings(project))?.settings.datasets ?? []
  await writeSettings(settings, fingerprint)
  const wanted = datasets.flatMap((dataset) => unitsOf(project, dataset))
  const names = new Set(wanted.flatMap(({ timer, service }) => [timer.name, service.name]))
  await removeTimers(project, (name) => !names.has(name))
  for (const unit of wanted.flatMap(({ timer, service }) => [service, timer])) {
    const path = within(unitFolder, unit.name)
    if ((await readText(path)) !== unit.content)
      await writeFileWhole(path, unit.content, { mode: 0o644 })
  }
  await runOk('systemctl', ['daemon-reload'], options)
  for (const { timer } of wanted) await runOk('systemctl', ['enable', '--now', timer.name], options)
  const isWanted = (name: string) =>
    datasets.some((each) => each.name === name && each.at.length > 0)
  for (const dataset of former.filter(({ name }) => !isWanted(name)))
    if (dataset.kind === 'cluster') await leaveLog(project, dataset, context)
}

/** Backups end with the app; those that were taken stay. */
export const runUnconfigure: Runner<'data.unconfigure'> = async ({ project }, context) => {
  await removeTimers(project, () => true)
  for (const dataset of (await readSettings(project))?.settings.datasets ?? [])
    if (dataset.kind === 'cluster') await leaveLog(project, dataset, context)
  await removeSettings(project)
  await removeReplaced(project)
}

const removeTimers = async (project: string, isSpent: (name: string) => boolean) => {
  const spent = (await namesIn(unitFolder)).filter(
    (name) => isTimerOf(project, name) && isSpent(name),
  )
  for (const name of spent.filter((each) => each.endsWith('.timer')))
    await run('systemctl', ['disable', '--now', name], options)
  for (const name of spent) await removePath(within(unitFolder, name))
  if (spent.length > 0) await runOk('systemctl', ['daemon-reload'], options)
}
