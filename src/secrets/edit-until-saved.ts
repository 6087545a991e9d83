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
  // What both sides have begun from: what could not be joined is not among it.
  let before = first.text
  const told: Told = { both: [], gone: [], isUnread: false }
  for (;;) {
    text = await edit(text)
    if (text === opened.text) return { opened, notes: null }
    try {
      return { opened, notes: [...(await save(opened, text)), ...notesOf(told)] }
    } catch (thrown) {
      opened = await openedAgain(thrown, { open, again })
      const whole = joined({ before, mine: text, theirs: opened.text })
      told.isUnread = whole === null
      if (!whole) continue
      told.both.push(...whole.both)
      told.gone.push(...whole.gone)
      text = whole.text
      before = opened.text
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

type Told = { both: string[]; gone: string[]; isUnread: boolean }

/** The editor hides what was said before it, so this is told in the end. */
const notesOf = ({ both, gone, isUnread }: Told) => [
  ...(both.length > 0
    ? [`somebody else changed ${listed(both)} meanwhile, too: what you typed stands`]
    : []),
  ...(gone.length > 0 ? [`somebody else removed ${listed(gone)} meanwhile: gone here, too`] : []),
  ...(isUnread
    ? [
        'the file was gone meanwhile, or held a line that is not clear: what you typed stands, and nothing else',
      ]
    : []),
]

const listed = (names: string[]) => [...new Set(names)].join(', ')

type Joined = { text: string; both: string[]; gone: string[] }

/**
 * What was typed, with the values that somebody else has changed meanwhile. `both`: changed by both, where the typed one stays;
 * `gone`: taken out by the other. Null if the other text is not clear or has no value any more: what it lacks was hardly removed.
 */
export const joined = ({ before, mine, theirs }: Versions): Joined | null => {
  if (theirs === before) return { text: mine, both: [], gone: [] }
  const [old, own, other] = [valuesOf(before), valuesOf(mine), valuesOf(theirs)]
  if (parseDotenv('', theirs).problems.length > 0 || (other.size === 0 && old.size > 0)) return null
  const changed = [...new Set([...old.keys(), ...other.keys()])].filter(
    (name) => other.get(name) !== old.get(name) && other.get(name) !== own.get(name),
  )
  const isMine = (name: string) => own.get(name) !== old.get(name)
  const takenOver = changed.filter((name) => !isMine(name))
  const text = takenOver.reduce((whole, name) => {
    const value = other.get(name)
    return value === undefined ? withoutValue(whole, name) : withValue(whole, name, value)
  }, mine)
  return {
    text,
    both: changed.filter(isMine),
    gone: takenOver.filter((name) => !other.has(name)),
  }
}

const valuesOf = (text: string) => new Map(Object.entries(parseDotenv('', text).values))
