import { setTimeout as wait } from 'node:timers/promises'
import { localDisk } from '../../io/host/machine/disk.ts'
import { s3Bucket } from '../../io/s3/bucket.ts'
import { sftpDisk } from '../../io/sftp/disk.ts'
import { paceOf } from '../../io/pace.ts'
import type { Store, StoreSettings } from '../store.ts'
import { type DriverOptions, storeOnDisk } from './on-disk.ts'
import { storeOnS3 } from './on-s3.ts'
import { persistent, type Sleep } from './persistent.ts'
import { told } from './told.ts'

type TableOptions = DriverOptions & {
  /** S3: what is sent, and held in memory, at once. */
  partBytes: number
}

type OpenOptions = TableOptions & { sleep: Sleep }

type Drivers = {
  [Kind in StoreSettings['kind']]: (
    settings: Extract<StoreSettings, { kind: Kind }>,
    options: TableOptions,
  ) => Store
}

/** Every kind of store there is. */
const drivers: Drivers = {
  // The server's own is made when it is first needed; any other may be a disk that is not mounted.
  local: ({ name, folder }, options) => storeOnDisk(localDisk(folder, name === 'local'), options),
  s3: (settings, options) => storeOnS3(s3Bucket(settings, options.partBytes), options),
  sftp: (settings, options) => storeOnDisk(sftpDisk(settings, settings.folder), options),
}

const mib = 1024 * 1024
/** The least that S3 takes, but for the last. */
const partLeast = 5 * mib
const partDefault = 16 * mib
/** A part goes at once: small ones where the line is not to be had for long. */
const partS = 2

const partBytesOf = (rate = Number.POSITIVE_INFINITY) =>
  Math.min(partDefault, Math.max(partLeast, Math.round(rate * partS)))

const dayMs = 24 * 60 * 60 * 1000

const sleeping: Sleep = (ms, signal) => wait(ms, undefined, { signal })

/**
 * Opens a store. Nothing is connected before the first act; `close` ends what is open. Tests pass a
 * shorter rest before what is unfinished counts as left behind, and shorter waits.
 */
export const openStore = async (
  settings: StoreSettings,
  {
    staleMs = dayMs,
    now = Date.now,
    sleep = sleeping,
    partBytes = partBytesOf(settings.rate),
    pace = paceOf(settings.rate),
  }: Partial<OpenOptions> = {},
): Promise<Store> => {
  // The table's key is the settings' own kind, which the compiler cannot follow through the lookup.
  const open = drivers[settings.kind] as (settings: StoreSettings, options: TableOptions) => Store
  return told(persistent(open(settings, { staleMs, now, partBytes, pace }), sleep), settings)
}
