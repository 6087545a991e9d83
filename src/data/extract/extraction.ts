import { Problem } from '../../problem/problem.ts'
import { isBackupId } from '../catalogue/backup-name.ts'
import type { DatasetKind } from '../model.ts'

// What of a backup is to be taken out, and how it comes.

/**
 * - `sql`: what psql takes in; `beside` is the schema that the tables then stand in, beside the live ones.
 * - `csv`: the rows of one table, with a line of names.
 * - `files`: one file as it is, else a tar; `tar` says whether that is wanted, welcome or refused.
 */
export type ExtractForm =
  | { as: 'sql'; beside: string | null }
  | { as: 'csv' }
  | { as: 'files'; tar: 'yes' | 'if-needed' | 'no' }

export type Extraction = { id: string; what: string[]; form: ExtractForm }

/** What was taken out and is in a file now. */
export type Extracted = {
  /** Its path; the name of a file from a volume may be of any bytes. */
  file: string | Buffer
  before: string
  after: string
  holds: ExtractedPart[]
}

/** One of the things that were asked for, and how much there is of it. */
export type ExtractedPart = { what: string; count: number; unit: string }

export type ExtractOptions = {
  to: string
  from?: string
  dataset?: string
  csv?: boolean
  beside?: string
  tar?: boolean
}

/** The first of the words may be the name of a backup. */
export const splitWords = (words: string[]): { id: string | undefined; what: string[] } => {
  const [first = '', ...others] = words
  return isBackupId(first) ? { id: first, what: others } : { id: undefined, what: words }
}

/** In which form things come out of data of this kind, or a `Problem` that says what to do instead. */
export const extractForm = (
  kind: DatasetKind,
  id: string,
  what: string[],
  options: ExtractOptions,
): ExtractForm => {
  if (wholes[kind] !== undefined) throw wholeOnly(kind, id)
  if (what.length === 0) throw nothingNamed(kind, id)
  const { csv, beside, tar } = options
  if (isOfFiles(kind)) {
    if (csv || beside !== undefined) throw notOfThisKind(csv ? '--csv' : '--beside', 'tables')
    return { as: 'files', tar: tar ? 'yes' : tarFor(options.to, what) }
  }
  if (tar) throw notOfThisKind('--tar', 'files')
  if (!csv) return { as: 'sql', beside: beside === undefined ? null : besideName(kind, beside) }
  if (kind === 'mysql')
    throw misused('`--csv` is for tables of PostgreSQL.', ['Leave it out: the rows come as SQL.'])
  if (beside !== undefined)
    throw misused('`--csv` is rows alone; `--beside` is SQL.', ['Leave one of the two out.'])
  if (what.length > 1)
    throw misused('`--csv` has the rows of one table.', ['Run it once for each table.'])
  return { as: 'csv' }
}

const isOfFiles = (kind: DatasetKind) => kind === 'volume' || kind === 'configuration'

/** PostgreSQL would cut a longer one, and keeps those that begin with `pg_` for itself; MariaDB counts letters. */
const besideName = (kind: DatasetKind, name: string): string => {
  const isPostgres = kind === 'postgres'
  const length = isPostgres ? Buffer.byteLength(name) : Array.from(name).length
  const isMeant = isPostgres ? !name.startsWith('pg_') : !/[/\\.\0]| $/.test(name)
  if (length > 0 && length <= (isPostgres ? 63 : 64) && isMeant) return name
  throw misused(
    isPostgres
      ? `"${name}" cannot be a schema: it has 1 to 63 bytes and does not begin with pg_.`
      : `"${name}" cannot be a database: it has 1 to 64 letters, no slash and no point.`,
    ['Choose another name, such as: --beside rescued'],
  )
}

/** A path that ends so asks for a tar, unless it is a file of that form that is wanted itself. */
const tarFor = (to: string, what: string[]) => {
  if (to === '-') return 'if-needed'
  if (!to.endsWith('.tar')) return 'no'
  return what.length === 1 && what[0]!.endsWith('.tar') ? 'if-needed' : 'yes'
}

/** What was asked for does not go together. */
export const misused = (detail: string, fix: string[]) =>
  new Problem({
    code: 'data/extract-how',
    summary: 'This cannot be taken out of a backup so.',
    detail,
    fix,
  })

const notOfThisKind = (option: string, what: string) =>
  misused(`\`${option}\` is for backups with ${what}; this one has none.`, [
    `Leave ${option} out.`,
    'zarpe backup list    # each with its data',
  ])

const nothingNamed = (kind: DatasetKind, id: string) =>
  misused(
    isOfFiles(kind) ? 'No file or folder was named.' : 'No table was named.',
    isOfFiles(kind)
      ? [
          `zarpe backup extract ${id} photos/a.jpg --to a.jpg`,
          `zarpe backup extract ${id} . --to all.tar`,
        ]
      : [
          `zarpe backup show ${id}    # its tables`,
          `zarpe backup extract ${id} public.orders --to orders.sql`,
        ],
  )

/** Nothing is given to anybody that is not what the manifest says. */
export const refuseDifferences = (differences: string[]) => {
  if (differences.length === 0) return
  throw new Problem({
    code: 'data/not-as-backed-up',
    summary: 'What was restored is not what was backed up; nothing was taken out.',
    detail: `${differences[0]}${differences.length > 1 ? `, and ${differences.length - 1} more` : ''}.`,
    fix: ['zarpe backup verify', 'zarpe backup list    # choose another one'],
    evidence: differences.slice(0, 12),
  })
}

const wholes: { [Kind in DatasetKind]?: string } = {
  mongodb: 'MongoDB: one dump of all databases',
  redis: 'Redis: one snapshot of all keys',
  rabbitmq: 'RabbitMQ: one file of all definitions',
}

/** A part of these backups cannot be had without all of it. */
export const wholeOnly = (kind: DatasetKind, id: string) =>
  new Problem({
    code: 'data/extract-whole',
    summary: 'Of this kind of data only the whole backup can be brought back.',
    detail: `${id} is of ${wholes[kind] ?? kind}.`,
    fix: [
      `zarpe backup restore ${id}    # what is live now stays aside; zarpe backup undo goes back to it`,
      'Or load the copy into a server of your own, and take from it: docs/formats/backup.md, "By hand"',
    ],
  })
