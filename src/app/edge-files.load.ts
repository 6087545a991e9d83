import type { Located } from '../config/places.ts'
import type { Config } from '../config/schema.ts'
import { within } from '../io/host/files/durable.ts'
import { readOwnedText } from '../io/host/files/owned.ts'
import type { ProblemData } from '../problem/problem.ts'
import { certificatesIn } from './certificates.ts'

/** What zarpe.yml names for the edge and keeps beside itself; null for what it does not name. */
export type EdgeFiles = {
  /** The root certificates of another ACME server. */
  acmeRoot: string | null
  maintenancePage: string | null
}

/** Bytes. It stands in the record of each release, and Caddy keeps it in memory. */
const pageMax = 64 * 1024

/** Reads the files that zarpe.yml names for the edge, and says what is wrong with them. */
export const loadEdgeFiles = async (
  folder: string,
  config: Config,
  located: Located,
): Promise<{ files: EdgeFiles; problems: ProblemData[] }> => {
  const { acme, maintenance_page: pageFile } = config.edge
  const root = await textOf(folder, acme?.root)
  const page = await textOf(folder, pageFile)
  const acmeRoot = root === null ? null : certificatesIn(root)
  const pageWrong = pageFile === undefined ? null : wrongWithPage(page)
  return {
    files: { acmeRoot, maintenancePage: page },
    problems: [
      ...(acme?.root && !acmeRoot ? [badRoot(acme.root, root, located)] : []),
      ...(pageWrong ? [badPage(`${pageFile} ${pageWrong}.`, located)] : []),
    ],
  }
}

/** The files themselves, which are part of what the product is made from. */
export const edgeFileNames = ({ edge }: Config): string[] =>
  [edge.acme?.root, edge.maintenance_page].filter((file) => file !== undefined)

const textOf = async (folder: string, file: string | undefined) =>
  file === undefined ? null : readOwnedText(within(folder, file))

const wrongWithPage = (page: string | null): string | null => {
  if (page === null) return 'is not there, or is no file'
  const bytes = Buffer.byteLength(page)
  if (bytes > pageMax) return `has ${bytes} bytes, more than ${pageMax}`
  if (page.includes('\uFFFD')) return 'is not a text in UTF-8'
  return page.trim() === '' ? 'is empty' : null
}

const badRoot = (file: string, text: string | null, located: Located): ProblemData => ({
  code: 'config/bad-root',
  summary: 'The root certificate of the ACME server cannot be read.',
  detail: `${file} ${text === null ? 'is not there, or is no file' : 'is not a file of PEM certificates'}.`,
  place: located.placeOf(['edge', 'acme', 'root']),
  fix: ['Correct `edge.acme.root` in zarpe.yml.'],
})

const badPage = (detail: string, located: Located): ProblemData => ({
  code: 'config/bad-page',
  summary: 'The maintenance page cannot be used.',
  detail,
  place: located.placeOf(['edge', 'maintenance_page']),
  fix: [
    'Correct `edge.maintenance_page` in zarpe.yml, or the file.',
    'Leave it out for the page that the edge has.',
  ],
})
