import { namesIn, readText, removePath, within } from '../io/host/durable.ts'
import { writeFileWhole } from '../io/host/files.ts'
import { run, runOk } from '../io/host/process.ts'
import type { Runner } from '../plan/runner.ts'
import { removeReplaced } from './provision/replaced.run.ts'
import { removeSettings, writeSettings } from './settings.run.ts'
import { isTimerOf, unitsOf } from './timers.ts'

const unitFolder = '/etc/systemd/system'
const options = { limitMs: 30_000 }

/** Writes the settings and makes the timers be exactly those that they ask for. */
export const runConfigure: Runner<'data.configure'> = async ({ settings, fingerprint }) => {
  const { project, datasets } = settings
  await writeSettings(settings, fingerprint)
  const wanted = datasets.flatMap((dataset) => {
    const units = unitsOf(project, dataset)
    return units ? [units] : []
  })
  const names = new Set(wanted.flatMap(({ timer, service }) => [timer.name, service.name]))
  await removeTimers(project, (name) => !names.has(name))
  for (const unit of wanted.flatMap(({ timer, service }) => [service, timer])) {
    const path = within(unitFolder, unit.name)
    if ((await readText(path)) !== unit.content)
      await writeFileWhole(path, unit.content, { mode: 0o644 })
  }
  await runOk('systemctl', ['daemon-reload'], options)
  for (const { timer } of wanted) await runOk('systemctl', ['enable', '--now', timer.name], options)
}

/** Backups end with the app; those that were taken stay. */
export const runUnconfigure: Runner<'data.unconfigure'> = async ({ project }) => {
  await removeTimers(project, () => true)
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
