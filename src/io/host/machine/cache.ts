import { within } from '../files/durable.ts'
import { userFolder } from './home.ts'

/** Where this machine keeps what can be had again, such as layers and runtimes: a folder for each kind. */
export const cacheFolder = (kind: string): string =>
  within(userFolder('XDG_CACHE_HOME', '.cache'), 'zarpe', kind)
