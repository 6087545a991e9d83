import type { LogQuery } from './methods.ts'

/** What tests ask for where it does not matter: the last lines of a whole product. */
export const query: LogQuery = {
  project: 'shop-production',
  service: null,
  release: null,
  sinceMs: null,
  grep: null,
  lines: 200,
  follow: false,
}
