import { createExclusive, statOf, within } from '../../io/host/files/durable.ts'
import { contractFile, ignoredNotes } from '../contract.load.ts'
import { loadFound } from './found.load.ts'
import { type Guess, guessType } from './guess.ts'
import { initialContract, isFormFromValue } from './init.render.ts'

/** A first contract that was written: its variables, what they were taken from, what to look at. */
export type Derived = {
  is: 'written'
  variables: ({ name: string; required: boolean } & Guess)[]
  from: string[]
  notes: string[]
}

/** Writes a first `.env.schema` for what zarpe.yml names. One that exists is never touched. */
export const deriveContract = async (
  folder: string,
  environment: string | undefined,
): Promise<Derived | { is: 'there already' } | { is: 'about nothing' }> => {
  const path = within(folder, contractFile)
  if ((await statOf(path)) !== null) return { is: 'there already' }
  const { found, examples, compose, code } = await loadFound(folder, environment)
  if (found.length === 0) return { is: 'about nothing' }
  if (!(await createExclusive(path, initialContract(found), 0o644))) return { is: 'there already' }
  const lists = found.filter(isFormFromValue).map(({ name }) => name)
  return {
    is: 'written',
    variables: found.map((each) => ({
      name: each.name,
      required: each.needed,
      ...guessType(each),
    })),
    from: [
      ...examples,
      ...compose,
      ...(code > 0 ? [`${code} ${code === 1 ? 'file' : 'files'} of code`] : []),
    ],
    notes: [
      ...(lists.length > 0
        ? [`${lists.join(', ')}: JSON, because the value is; if the app reads a,b, correct both`]
        : []),
      ...(await ignoredNotes(folder)),
    ],
  }
}

/** How a contract that was written is told. */
export const derivedWords = ({ variables }: Derived): string => {
  const typed = variables.filter(({ type }) => type !== null).length
  const secret = variables.filter(({ sensitive }) => sensitive).length
  return `${contractFile} written: ${variables.length} ${variables.length === 1 ? 'variable' : 'variables'}, ${typed} with a type, ${secret} secret`
}
