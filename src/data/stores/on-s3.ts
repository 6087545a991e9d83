import { StoreFault } from '../../io/fault.ts'
import type { Bucket } from '../../io/s3/bucket.ts'
import type { Store } from '../store.ts'
import { isOwnName, isStoreName } from './names.ts'
import type { DriverOptions } from './on-disk.ts'
import { paced, progressOf } from './progress.ts'

/**
 * A store in a bucket. S3 cannot rename, but an object is there whole or not at all, and the service
 * takes no part whose signed SHA-256 differs; so it is sent under its own name, and read back there.
 */
export const storeOnS3 = (bucket: Bucket, { staleMs, now, pace }: DriverOptions): Store => {
  const isThere: (
    ...given: [name: string, expect: { bytes: number; sha256: string }, verb: string, Context]
  ) => Promise<boolean> = async (name, expect, verb, { signal, note }) => {
    if ((await bucket.size(name, signal)) !== expect.bytes) return false
    const onBytes = paced(progressOf(verb, expect.bytes, note), pace, signal)
    return (await bucket.read(name, { onBytes, signal })).sha256 === expect.sha256
  }
  return {
    put: async (name, file, expect, context) => {
      const { signal, note } = context
      if (await isThere(name, expect, 'compared', context)) return
      const onBytes = paced(progressOf('sent', expect.bytes, note), pace, signal)
      await bucket.write(name, file, expect.bytes, { onBytes, signal })
      note('sent; reading it back')
      if (await isThere(name, expect, 'read back', context)) return
      await bucket.remove(name, signal)
      throw new StoreFault('damaged', 'what was read back is not what was sent')
    },
    get: async (name, file, { signal, note }) => {
      const bytes = await bucket.size(name, signal)
      if (bytes === null) throw new StoreFault('no-file', name)
      return bucket.fetch(name, file, { onBytes: progressOf('fetched', bytes, note), signal })
    },
    list: async (folder, { signal }) => {
      const files = await bucket.list(folder, signal)
      // What else is kept there is not ours.
      return files
        .filter(({ name }) => isStoreName(name))
        .toSorted((left, right) => (left.name < right.name ? -1 : 1))
    },
    remove: (name, { signal }) => bucket.remove(name, signal),
    sweep: async ({ signal }) => {
      // Nobody else's, which may take longer, and none of an unknown age.
      const own = (await bucket.unfinished(signal)).filter(({ name }) => isOwnName(name))
      for (const upload of own)
        if (upload.at > 0 && now() - upload.at >= staleMs) await bucket.abandon(upload, signal)
    },
    close: async () => undefined,
  }
}

type Context = Parameters<Store['list']>[1]
