import { within } from '../io/host/files/durable.ts'
import { readOwnedText } from '../io/host/files/owned.ts'
import { isIgnored } from '../secrets/exposure.load.ts'
import { type ParsedContract, parseContract } from './syntax/parse.ts'

/** The file that holds the contract, beside zarpe.yml. */
export const contractFile = '.env.schema'

/** Reads the contract of a folder. Without one nothing is declared, and `exists` is false. */
export const loadContract = async (
  folder: string,
): Promise<ParsedContract & { exists: boolean }> => {
  const text = await readOwnedText(within(folder, contractFile))
  return { ...parseContract(contractFile, text ?? ''), exists: text !== null }
}

/** What to know when git ignores the contract, as `.env.*` in a .gitignore does: nobody else gets it. */
export const ignoredNotes = async (folder: string): Promise<string[]> =>
  (await isIgnored(folder, contractFile))
    ? [`git ignores ${contractFile}, so nobody else gets it; add to .gitignore: !${contractFile}`]
    : []
