import { parseDotenv } from '../app/dotenv.ts'
import { withoutValue, withValue } from '../app/dotenv-edit.ts'
import { problemsOf, type ProblemData } from '../problem/problem.ts'

/** What is edited, and what it takes to edit it. */
export type Editing<Opened extends { text: string }> = {
  open: () => Promise<Opened>
  /** Opens the editor on a text and returns what it holds afterwards. */
  edit: (text: string) => Promise<string>
  save: (opened: Opened, text: string) => Promise<string[]>
  /** Tells why nothing was saved. Returns if the editor is to be opened again, else it throws. */
  again: (problems: ProblemData[], thrown: unknown) => Promise<void>
}

/** How it ended: with which notes the text was saved, or null if it was left as it was. */
export type Edited<Opened> = { opened: Opened; notes: string[] | null }

/**
 * Edits until it is saved. What was typed is never thrown away for a full disk, a mistake in a key or somebody else's change: it
 * is there when the editor opens again, together with what the file has come to hold.
 */
export const editUntilSaved = async <Opened extends { text: string }>(
  first: Opened,
  { open, edit, save, again }: Editing<Opened>,
): Promise<Edited<Opened>> => {
  let opened = first
  let text = first.text
  const both = new Set<string>()
  for (;;) {
    text = await edit(text)
    if (text === opened.text) return { opened, notes: null }
    try {
      return { opened, notes: [...(await save(opened, text)), ...bothNotes([...both])] }
    } catch (thrown) {
      const now = await openedAgain(thrown, { open, again })
      const whole = joined({ before: opened.text, mine: text, theirs: now.text })
      for (const name of whole.both) both.add(name)
      text = whole.text
      opened = now
    }
  }
}

/** A key in zarpe.yml, or the file itself, may have been mended or broken while it was asked. */
const openedAgain = async <Opened extends { text: string }>(
  failed: unknown,
  { open, again }: Pick<Editing<Opened>, 'open' | 'again'>,
): Promise<Opened> => {
  let why = failed
  for (;;) {
    const problems = problemsOf(why)
    if (problems.length === 0) throw why
    await again(problems, why)
    try {
      return await open()
    } catch (thrown) {
      why = thrown
    }
  }
}

type Versions = { before: string; mine: string; theirs: string }

/** The editor hides what was said before it, so this is told in the end. */
const bothNotes = (names: string[]) =>
  names.length === 0
    ? []
    : [`somebody else changed ${names.join(', ')} meanwhile, too: what you typed stands`]

/** What was typed, with the values that somebody else has changed meanwhile. `both`: changed by both, where the typed one stays. */
export const joined = ({ before, mine, theirs }: Versions): { text: string; both: string[] } => {
  const [old, own, other] = [valuesOf(before), valuesOf(mine), valuesOf(theirs)]
  const changed = [...new Set([...old.keys(), ...other.keys()])].filter(
    (name) => other.get(name) !== old.get(name) && other.get(name) !== own.get(name),
  )
  const isMine = (name: string) => own.get(name) !== old.get(name)
  const text = changed
    .filter((name) => !isMine(name))
    .reduce((whole, name) => {
      const value = other.get(name)
      return value === undefined ? withoutValue(whole, name) : withValue(whole, name, value)
    }, mine)
  return { text, both: changed.filter(isMine) }
}

const valuesOf = (text: string) => new Map(Object.entries(parseDotenv('', text).values))
