import { appendFileSync } from 'node:fs'

/** True for the long forms of the scenarios: `npm run soak`. */
export const isSoak = process.env['ZARPE_SOAK'] === '1'

/** Keeps a figure of a long run for docs/soak.md; the short forms keep none. */
export const figure = (what: string, value: string) => {
  const file = process.env['ZARPE_SOAK_FILE']
  if (isSoak && file) appendFileSync(file, `${JSON.stringify({ what, value })}\n`)
}
