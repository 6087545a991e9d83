import { homedir } from 'node:os'
import { within } from './durable.ts'

/** Where this machine keeps what can be had again, such as layers and runtimes: a folder for each kind. */
export const cacheFolder = (kind: string): string =>
  within(process.env['XDG_CACHE_HOME'] ?? within(homedir(), '.cache'), 'zarpe', kind)
