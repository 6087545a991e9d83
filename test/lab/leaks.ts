import { readdirSync, readFileSync } from 'node:fs'

// Finds seeded secrets in whatever was said or left behind, also when something wrapped them up.

/** Eight ways in which a text may stand somewhere, each also where it begins inside a larger one. */
export const encodingsOf = (secret: string): Record<string, string> => {
  const bytes = Buffer.from(secret)
  return {
    plain: secret,
    ...Object.fromEntries([0, 1, 2].map((offset) => [`base64+${offset}`, inBase64(bytes, offset)])),
    base64url: inBase64(bytes, 0).replaceAll('+', '-').replaceAll('/', '_'),
    hex: bytes.toString('hex'),
    HEX: bytes.toString('hex').toUpperCase(),
    url: encodeURIComponent(secret),
    json: JSON.stringify(secret).slice(1, -1),
    reversed: Array.from(secret).toReversed().join(''),
  }
}

/** What is the same in base64 whatever stands before and after. */
const inBase64 = (bytes: Buffer, offset: number) => {
  const text = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replace(/=+$/, '')
  const whole = Math.floor(((offset + bytes.length) * 8) / 6)
  return text.slice(Math.ceil((offset * 8) / 6), whole)
}

/** Where in a text which secret is, by its number and encoding; never the secret itself. */
export const leaksIn = (where: string, text: string, secrets: string[]): string[] =>
  secrets.flatMap((secret, index) =>
    Object.entries(encodingsOf(secret))
      .filter(([, form]) => text.includes(form))
      .map(([name]) => `secret ${index} (${name}) in ${where}`),
  )

/** Watches the arguments of every process of this machine, the lab's servers included. */
export const watchProcesses = () => {
  const seen = new Set<string>()
  const timer = setInterval(() => {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
      try {
        seen.add(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
      } catch {
        // It ended in this moment.
      }
  }, 40)
  return {
    stop: () => {
      clearInterval(timer)
      return [...seen].map((each) => each.replaceAll('\0', ' '))
    },
  }
}
