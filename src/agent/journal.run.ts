import { namesIn, openAppending, readText, removePath, within } from '../io/host/files/durable.ts'
import { projectOfScope, scopeKind } from '../plan/scope.ts'
import { type JournalLine, type JournalState, readJournal } from '../plan/journal.ts'
import { stateFolder } from '../release/places.ts'

const runsKept = 30

/** Where the runs of a scope are written: a project's, its backups', or the machine's own. */
const runsFolder = (scope: string) => {
  if (scopeKind(scope) === 'server') return '/var/lib/zarpe/server/runs'
  const folder = scopeKind(scope) === 'data' ? 'data-runs' : 'runs'
  return within(stateFolder, projectOfScope(scope), folder)
}

/** Begins a run's journal; each line is on disk before the act it announces. */
export const openJournal = async (scope: string, verb: string, at: string) => {
  const folder = runsFolder(scope)
  const names = await namesIn(folder)
  for (const name of names.slice(0, Math.max(0, names.length - runsKept)))
    await removePath(within(folder, name))
  const file = await openAppending(
    within(folder, `${at.replaceAll(':', '')}-${verb.replaceAll(' ', '-')}.jsonl`),
  )
  return {
    write: (line: JournalLine) => file.append(JSON.stringify(line)),
    close: () => file.close(),
  }
}

/** The newest run of a scope; null if there was none. */
export const lastRun = async (scope: string): Promise<JournalState | null> => {
  const folder = runsFolder(scope)
  const newest = (await namesIn(folder)).at(-1)
  const text = newest ? await readText(within(folder, newest)) : null
  return text ? readJournal(text) : null
}
