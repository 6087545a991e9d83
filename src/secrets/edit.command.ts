import type { Command } from 'commander'
import { createInterface } from 'node:readline/promises'
import { action, type Context } from '../cli/context.ts'
import { parseDotenv } from '../app/dotenv.ts'
import { runInteractive } from '../io/host/processes/interactive.ts'
import { environmentForOthers } from '../io/host/processes/process.ts'
import { withPrivateFile } from '../io/host/files/private.ts'
import { Problem, type ProblemData, Problems } from '../problem/problem.ts'
import { editUntilSaved } from './edit-until-saved.ts'
import { openEncrypted, saveEncrypted } from './encrypted.run.ts'
import { utf8 } from '../io/host/files/utf8.ts'

/** `zarpe secrets edit`. */
export const addEdit = (secrets: Command) => {
  secrets
    .command('edit')
    .description('edit the encrypted values in $VISUAL or $EDITOR')
    .addHelpText(
      'after',
      `
The values are in plain only while the editor is open, in a folder that only you can reach, in
memory (/dev/shm) where there is such a place. It is removed afterwards, and on a signal. What cannot be
saved is opened again, with what somebody else may have changed meanwhile.

Examples:
  zarpe secrets edit
  EDITOR='code --wait' zarpe --env staging secrets edit`,
    )
    .action(
      action(async (context) => {
        const first = await openForEditing(context)
        await withPrivateFile(`.env.${first.environment}`, async (file) => {
          const { opened, notes } = await editUntilSaved(first, {
            open: () => openForEditing(context),
            edit: async (text) => {
              await file.write(text)
              return editUntilUsable(context, file)
            },
            save: (anew, text) => saveEncrypted(context.folder, anew, text),
            again: (problems, thrown) => askAgain(context, problems, thrown),
          })
          tell(context, opened.file, notes === null ? 'unchanged' : 'edited', notes ?? [])
        })
      }),
    )
}

/** With something to begin with where there is no file yet. */
const openForEditing = async (context: Context) => {
  const opened = await openEncrypted(context)
  const { environment, exists } = opened
  return exists
    ? opened
    : {
        ...opened,
        text: `# Values of ${environment}, one NAME=value a line; quotes as in .env files.\n`,
      }
}

/** The text once it can be read; with a mistake in it, it is opened again if somebody is there to ask. */
const editUntilUsable = async (
  context: Context,
  { path, read }: { path: string; read: () => Promise<Buffer> },
): Promise<string> => {
  for (;;) {
    await openEditor(path)
    const text = utf8(await read())
    const problems = text === null ? [notText()] : parseDotenv('edited', text).problems
    if (text !== null && problems.length === 0) return text
    await askAgain(context, problems, new Problems(problems))
  }
}

/** Tells what is wrong. Returns if the editor is to be opened again; where nobody is there to ask it throws `thrown`. */
const askAgain = async ({ terminal }: Context, problems: ProblemData[], thrown: unknown) => {
  if (!terminal.asks) throw thrown
  for (const problem of problems) terminal.problem(problem)
  if (!(await openAgain())) throw givenUp()
}

const openEditor = async (path: string) => {
  const words = (process.env['VISUAL'] || process.env['EDITOR'] || 'vi').split(/\s+/)
  const [file = 'vi', ...argv] = words.filter(Boolean)
  const code = await runInteractive(file, [...argv, path], environmentForOthers())
  if (code === 0) return
  throw new Problem({
    code: 'secrets/editor-failed',
    summary: 'The editor did not end well; nothing was changed.',
    detail: `\`${words.join(' ')}\` exited ${code}.`,
    fix: ['EDITOR=vi zarpe secrets edit'],
  })
}

const openAgain = async () => {
  const reader = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = await reader.question('Open it again? [Y/n] ').catch(() => 'n')
    return !/^n/i.test(answer.trim())
  } finally {
    reader.close()
  }
}

const tell = ({ terminal }: Context, file: string, outcome: string, notes: string[]) => {
  terminal.emit({ type: 'result', outcome, file, notes })
  terminal.say(`${terminal.good('✓')} ${file} ${outcome}`)
  for (const note of notes) terminal.say(terminal.dim(`  note: ${note}`))
}

const notText = (): ProblemData => ({
  code: 'environment/unreadable',
  summary: 'The file with the values of the environment cannot be read.',
  detail: 'What the editor wrote is not UTF-8 text.',
  fix: ['Save it as UTF-8.'],
})

const givenUp = () =>
  new Problem({
    code: 'cli/declined',
    summary: 'Nothing was done.',
    detail: 'What was edited was not saved and is gone.',
    fix: [],
  })
