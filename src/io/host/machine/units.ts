import { namesIn, readText, removePath, within } from '../files/durable.ts'
import { writeFileWhole } from '../files/files.ts'
import { run, runOk } from '../processes/process.ts'

const unitFolder = '/etc/systemd/system'
const options = { limitMs: 30_000 }

/** A unit of systemd: its file's name and text. */
export type Unit = { name: string; content: string }

/** Writes units whose text changed, and sees to it that each timer runs, also after a reboot. */
export const installUnits = async (wanted: { timer: Unit; service: Unit }[]): Promise<void> => {
  for (const unit of wanted.flatMap(({ timer, service }) => [service, timer])) {
    const path = within(unitFolder, unit.name)
    if ((await readText(path)) !== unit.content)
      await writeFileWhole(path, unit.content, { mode: 0o644 })
  }
  await runOk('systemctl', ['daemon-reload'], options)
  for (const { timer } of wanted) await runOk('systemctl', ['enable', '--now', timer.name], options)
}

/** Stops and removes the units whose name `isSpent` wants gone. */
export const removeUnits = async (isSpent: (name: string) => boolean): Promise<void> => {
  const spent = (await namesIn(unitFolder)).filter(isSpent)
  for (const name of spent.filter((each) => each.endsWith('.timer')))
    await run('systemctl', ['disable', '--now', name], options)
  for (const name of spent) await removePath(within(unitFolder, name))
  if (spent.length > 0) await runOk('systemctl', ['daemon-reload'], options)
}

/** Whether what a oneshot service does is being done right now. */
export const isUnderWay = async (service: string): Promise<boolean> =>
  (await run('systemctl', ['is-active', service], options)).stdout.trim() === 'activating'
