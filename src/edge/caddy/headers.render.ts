import { literally } from './literal.ts'

/**
 * What browsers are told beside the app's own words. Each of these breaks no app that is served over
 * HTTPS alone, as all are here; what could (framing, scripts) is for the user to say. HSTS holds for
 * half a year and this name only: https://www.rfc-editor.org/rfc/rfc6797
 */
const standardHeaders: Record<string, string> = {
  'Strict-Transport-Security': 'max-age=15768000',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'strict-origin-when-cross-origin',
}

/** Handlers that add each header to answers that lack it; the app's own word always wins. */
export const headersUnlessSent = (own: Record<string, string> = {}) => {
  const standard = Object.entries(standardHeaders).filter(
    ([name]) => !Object.keys(own).some((each) => each.toLowerCase() === name.toLowerCase()),
  )
  return [...standard, ...Object.entries(own)]
    .filter(([, value]) => value !== '')
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => ({
      handler: 'headers',
      response: {
        deferred: true,
        // Null asks for an answer without it.
        require: { headers: { [name]: null } },
        set: { [name]: [literally(value)] },
      },
    }))
}
