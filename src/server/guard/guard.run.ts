import { removePath } from '../../io/host/files/durable.ts'
import { readFileFacts, takeAway, writeFileWhole } from '../../io/host/files/files.ts'
import { runOk } from '../../io/host/processes/process.ts'
import type { Runner } from '../../plan/runner.ts'
import { messageOf, Problem, problemsOf } from '../../problem/problem.ts'
import { guardState } from './guard.inspect.ts'
import {
  guardedFile,
  guardFolder,
  guardService,
  guardTimer,
  renderGuard,
  revertAfterSeconds,
  unitPath,
} from './guard.render.ts'
import type { GuardName } from '../steps.ts'

const limitMs = 30_000
const rootOnly = { mode: 0o600 }

/**
 * Makes a change that could lock the operator out. From before it on, a timer of systemd stands
 * ready to put the earlier file back; a change that fails at once is put back at once.
 */
export const guarded = async (name: GuardName, change: () => Promise<void>): Promise<void> => {
  await arm(name)
  try {
    await change()
  } catch (thrown) {
    await undoNow(name).catch((second: unknown) => {
      throw notUndone(name, thrown, second)
    })
    throw thrown
  }
}

const arm = async (name: GuardName) => {
  const folder = guardFolder(name)
  const files = renderGuard(name)
  // A guard that is armed still holds what was there before the first unconfirmed change.
  if ((await guardState(name)) !== 'armed') {
    await removePath(folder)
    const previous = await readFileFacts(guardedFile[name])
    if (previous) {
      const mode = Number.parseInt(previous.mode, 8)
      await writeFileWhole(`${folder}/previous`, previous.content, { mode })
    }
  }
  await writeFileWhole(`${folder}/revert.sh`, files.script, { mode: 0o700 })
  await writeFileWhole(unitPath(guardService(name)), files.service, { mode: 0o644 })
  await writeFileWhole(unitPath(guardTimer(name)), files.timer, { mode: 0o644 })
  await writeFileWhole(`${folder}/armed`, '', rootOnly)
  await runOk('systemctl', ['daemon-reload'], { limitMs })
  // Enabled as well: after a reboot in the meantime the time starts again.
  await runOk('systemctl', ['enable', guardTimer(name)], { limitMs })
  await runOk('systemctl', ['restart', guardTimer(name)], { limitMs })
}

const undoNow = async (name: GuardName) => {
  await runOk('systemctl', ['start', guardService(name)], { limitMs })
  await clear(name)
}

/** Keeps a change. Says so if that comes too late. */
export const runConfirm: Runner<'server.confirm'> = async ({ guard }) => {
  // One of the two, this or the timer's script, takes the file away; the other comes too late.
  const kept = await takeAway(`${guardFolder(guard)}/armed`)
  if (!kept && (await guardState(guard)) === 'reverted') throw tooLate(guard)
  await clear(guard)
}

const clear = async (name: GuardName) => {
  await runOk('systemctl', ['disable', '--now', guardTimer(name)], { limitMs }).catch(absentIsFine)
  await removePath(unitPath(guardTimer(name)))
  await removePath(unitPath(guardService(name)))
  await removePath(guardFolder(name))
  await runOk('systemctl', ['daemon-reload'], { limitMs })
}

/** The unit of a guard that was cleared already does not exist. */
const absentIsFine = (thrown: unknown) => {
  const evidence = problemsOf(thrown).flatMap((each) => each.evidence ?? [])
  if (!evidence.some((line) => /does not exist|not loaded/.test(line))) throw thrown
}

const tooLate = (name: GuardName) =>
  new Problem({
    code: 'server/undone-unconfirmed',
    summary: 'A change undid itself because it was not confirmed in time.',
    detail: `No new login confirmed "${name}" within ${revertAfterSeconds} s; the earlier state is back.`,
    fix: ['zarpe setup'],
  })

const notUndone = (name: GuardName, first: unknown, second: unknown) =>
  new Problem(
    {
      code: 'server/undo-pending',
      summary: 'A change failed and is undone by a timer.',
      detail: [
        `"${name}" failed (${messageOf(first)}) and could not be put back at once`,
        `(${messageOf(second)}); the timer does it within ${revertAfterSeconds} s.`,
      ].join(' '),
      fix: [`systemctl status ${guardTimer(name)}`, 'zarpe setup'],
    },
    { cause: first },
  )
