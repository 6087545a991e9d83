import { mkdir, open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Gives a finished file its name, on the same disk, so that it is there whole also after a power cut. */
export const publish = async (from: string, to: string, mode = 0o600) => {
  const file = await open(from, 'r')
  try {
    await file.chmod(mode)
    await file.sync()
  } finally {
    await file.close()
  }
  await mkdir(dirname(to), { recursive: true, mode: 0o700 })
  await rename(from, to)
  const folder = await open(dirname(to), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
