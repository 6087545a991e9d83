import { basename } from 'node:path'
import type { TextFile } from '../model.ts'
import type { Finding, Rule } from '../rule.ts'
import { fakeRandom, fakeToken } from '../fake.ts'
import { isSecretName, knownSecret, looksRandom, passwordInUrl } from '../secrets.ts'

export const secretInCode: Rule = {
  id: 'secret-in-code',
  severity: 'error',
  title: 'A secret is in a file that git keeps.',
  why: 'Whoever can read the repository, now or in its history, can use it.',
  fix: [
    'Renew it where it was issued: what git has seen counts as known.',
    'Read it from the environment, and put the new value into .env.<environment>.',
    'If it is none: # zarpe: off secret-in-code because <reason>    # in the line or above it',
  ],
  staged: true,
  bad: {
    files: {
      'pay.py': `import stripe

TOKEN = "${fakeToken}"
signing_key = '${fakeRandom}'
`,
      'notes.md': `login: postgres://shop:Kw8rTz1pQ0@db.shop.example/shop\n`,
    },
    at: ['notes.md:1:8', 'pay.py:3:10', 'pay.py:4:1'],
  },
  good: {
    files: {
      'pay.py': `import os

TOKEN = os.environ["TOKEN"]
url = "postgres://user:password@localhost/shop"
secret_name = "shop/production/database-2024-main"
password_label = "Enter your password, 8 to 20 letters"
`,
      'package-lock.json': `{ "integrity": "sha512-${fakeRandom}${fakeRandom}" }\n`,
    },
  },
  find: ({ texts, composeFiles, images }) => {
    // Those have rules of their own, which know more about them.
    const others = new Set([...composeFiles, ...images].map(({ file }) => file))
    return texts
      .filter(({ file }) => !others.has(file))
      .toSorted((left, right) => (left.file < right.file ? -1 : 1))
      .flatMap(inFile)
  },
}

/** Written by programs: full of hashes, and nobody types a password into them. */
const generated =
  /(^|[.-])(lock|lockb|map|snap|sum)$|(^|-)lock\.(json|ya?ml)$|\.min\.(js|css)$|\.svg$/

const lineLengthMax = 2_000

/** What a line must have to be looked at; most files have no such line at all. */
const sign = /key|secret|token|pass|pwd|credential|:\/\//i

const inFile = ({ file, text }: TextFile): Finding[] => {
  if (!sign.test(text) && !knownSecret(text)) return []
  const isGenerated = generated.test(basename(file))
  return text.split(/\r?\n/).flatMap((code, index) => {
    // What has a form of its own is known in a line of any length, such as a key in JSON.
    const found = inLine(code, isGenerated || code.length > lineLengthMax)
    if (!found) return []
    const place = { file, line: index + 1, column: found.index + 1 }
    return [{ place, detail: `The line holds ${found.kind}.` }]
  })
}

const assignment =
  /(["'`]?)([A-Za-z_][\w.-]*)\1\s*(?::=|=>|[:=])\s*(["'`]?)([\w+/=.~-]{20,})\3(?=$|[\s,;)}\]])/g

const inLine = (code: string, formsAlone: boolean): { kind: string; index: number } | null => {
  const known = knownSecret(code)
  if (known || formsAlone) return known
  const url = code.includes('://') ? passwordInUrl(code) : null
  if (url && !url.isPlaceholder && isTyped(code.slice(url.index)))
    return { kind: 'a URL with its password', index: url.index }
  if (!/key|secret|token|pass|pwd|credential/i.test(code)) return null
  for (const match of code.matchAll(assignment))
    if (isSecretName(match[2]!) && looksRandom(match[4]!) && !isReference(match[3]!, match[4]!))
      return { kind: `a random value for \`${match[2]}\``, index: match.index }
  return null
}

/** Without quotes, names with dots are code: `SecureEnclave.P256.PrivateKey`. */
const isReference = (quote: string, value: string) =>
  quote === '' && /^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)+$/.test(value)

/** Passwords of examples are words; real ones have digits among letters. */
const isTyped = (url: string) => {
  const password = /:\/\/[^:]*:([^@]*)@/.exec(url)?.[1] ?? ''
  return password.length >= 8 && /\d/.test(password) && /[A-Za-z]/.test(password)
}
