import { basename } from 'node:path'

// Which files hold values for programs, told by their names.

const values = /^\.env(\..+)?$|.\.env$/
/** Those that show others which values there are, and encrypted ones. */
const forOthers =
  /\.(example|sample|template|dist|schema|age|defaults)$|(^|[._-])(example|sample|template|dist|defaults)\.env$/

/** `.env`, `.env.local`, `db.env`; not `.env.example`. */
export const isNamedForValues = (file: string): boolean =>
  values.test(basename(file)) && !isForOthers(file)

/** Whether a file is there to be read by everybody, such as `.env.example`. */
export const isForOthers = (file: string): boolean => forOthers.test(basename(file))
