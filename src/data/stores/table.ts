import { setTimeout as wait } from 'node:timers/promises'
import { StoreFault } from '../../io/fault.ts'
import { localDisk } from '../../io/host/disk.ts'
import { sftpDisk } from '../../io/sftp/disk.ts'
import type { Store, StoreSettings } from '../store.ts'
import { type DriverOptions, storeOnDisk } from './on-disk.ts'
import { persistent, type Sleep } from './persistent.ts'
import { told } from './told.ts'

type Drivers = {
  [Kind in StoreSettings['kind']]: (
    settings: Extract<StoreSettings, { kind: Kind }>,
    options: DriverOptions,
  ) => Store
}

/** Every kind of store there is. */
const drivers: Drivers = {
  local: ({ folder }, options) => storeOnDisk(localDisk(folder), options),
  s3: () => {
    throw new StoreFault('unsupported', 'S3 is not there yet')
  },
  sftp: (settings, options) => storeOnDisk(sftpDisk(settings, settings.folder), options),
}

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
  }: Partial<DriverOptions & { sleep: Sleep }> = {},
): Promise<Store> => {
  // The table's key is the settings' own kind, which the compiler cannot follow through the lookup.
  const open = drivers[settings.kind] as (settings: StoreSettings, options: DriverOptions) => Store
  return told(persistent(open(settings, { staleMs, now }), sleep), settings)
}
