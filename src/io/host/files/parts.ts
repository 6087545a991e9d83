import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'

const partBytes = 256 * 1024

/** The bytes of a file, piece by piece. Its name may be of any bytes. */
export const partsOf = (path: string | Buffer): AsyncIterable<Buffer> =>
  createReadStream(path, { highWaterMark: partBytes })

/** How large a file is that must exist. */
export const bytesOf = async (path: string | Buffer): Promise<number> => (await stat(path)).size
