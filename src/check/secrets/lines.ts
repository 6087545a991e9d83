import { basename } from 'node:path'
import {
  isHarmless,
  isPlaceholder,
  isSecretName,
  knownSecret,
  looksRandom,
  looksRandomInQuotes,
  looksTyped,
  passwordInUrl,
} from './secrets.ts'

// What one line of a file gives away, whichever file it is and whether it is still there.

/** Written by programs: full of hashes, and nobody types a password into them. */
const generated =
  /(^|[.-])(lock|lockb|map|snap|sum)$|(^|-)lock\.(json|ya?ml)$|\.min\.(js|css)$|\.svg$/

const lineLengthMax = 2_000

/** What a line must have to be looked at; most files have no such line at all. */
const sign = /key|secret|token|pass|pwd|credential|:\/\//i

/** Whether a file was written by a program. */
export const isGenerated = (file: string): boolean => generated.test(basename(file))

/** Whether a text can have a secret in one of its lines; most texts cannot. */
export const maySecret = (text: string): boolean => sign.test(text) || knownSecret(text) !== null

/** A secret of an environment, which is looked for as it stands. Neither is ever printed together. */
export type KnownValue = { name: string; environment: string; value: string }

const valueLengthMin = 8

/** The values of an environment that are surely secret and long enough to be no coincidence. */
export const knownValues = (
  environment: string,
  values: Record<string, string>,
  isSensitive: (name: string) => boolean = isSecretName,
): KnownValue[] =>
  Object.entries(values)
    .filter(([name, value]) => isSensitive(name) && value.length >= valueLengthMin)
    .filter(([, value]) => !isHarmless(value) && !isPlaceholder(value) && !value.includes('\n'))
    .map(([name, value]) => ({ name, environment, value }))

/** Which of these values stands in a line. */
export const knownValueIn = (code: string, known: KnownValue[]): SecretInLine | null => {
  for (const { name, environment, value } of known) {
    const index = code.indexOf(value)
    if (index >= 0) return { kind: `the value of \`${name}\` in ${environment}`, index }
  }
  return null
}

/** What kind of secret, and where in the line it begins, counted from 0. */
export type SecretInLine = { kind: string; index: number }

/** A name and a long value, in quotes or without. */
const assignment =
  /(["'`]?)([A-Za-z_][\w.-]*)\1\s*(?::=|=>|[:=])\s*(["'`]?)([\w+/=.~-]{20,})\3(?=$|[\s,;)}\]])/g

const quotedAssignment =
  /(["'`]?)([A-Za-z_][\w.-]*)\1\s*(?::=|=>|[:=])\s*(["'`])([^\s"'`\\]{20,128})\3(?=$|[\s,;)}\]])/g

/** Whether a name is that of a secret and not of what was made of one: `DUMMY_PASSWORD_HASH`. */
const isOwnName = (name: string) => isSecretName(name) && !/(hash|digest)(e?s)?$/i.test(name)

/** What a line of code has that is surely a secret, told without its text; null if nothing. */
export const secretInLine = (code: string, isGenerated: boolean): SecretInLine | null => {
  const known = knownSecret(code)
  // What has a form of its own is known in a line of any length, such as a key in JSON.
  if (known || isGenerated || code.length > lineLengthMax) return known
  const url = code.includes('://') ? passwordInUrl(code) : null
  if (url && !url.isPlaceholder && isTyped(code.slice(url.index)))
    return { kind: 'a URL with its password', index: url.index }
  if (!/key|secret|token|pass|pwd|credential/i.test(code)) return null
  for (const match of code.matchAll(assignment))
    if (isOwnName(match[2]!) && looksRandom(match[4]!) && !isReference(match[3]!, match[4]!))
      return { kind: `a random value for \`${match[2]}\``, index: match.index }
  for (const match of code.matchAll(quotedAssignment))
    if (isOwnName(match[2]!) && looksRandomInQuotes(match[4]!))
      return { kind: `a random value for \`${match[2]}\``, index: match.index }
  return passwordIn(code)
}

/** `password = "…"`, in quotes, or at the end of a line that holds nothing else but a comment. */
const passwords =
  /(?:(["'`]?)([A-Za-z_][\w.-]*)\1\s*(?::=|=>|[:=])\s*)(?:(["'`])([^"'`\s]{10,64})\3(?=$|[\s,;)}\]])|([^"'`\s,;(){}[\]]{10,64})(?=\s*$|\s+#))/g

/** As a shell sets it, before a command or among others: `PGPASSWORD=… psql`, `export DB_PASS=…;`. */
const shellPasswords = /(?<![\w.$-])([A-Z_][A-Z0-9_]*)=([^"'`\s,;(){}[\]]{10,64})(?=;|\s)/g

/** As a driver's own form has it: `Server=db;User Id=sa;Password=…;`, `jdbc:…?user=shop&password=…`. */
const connectionPasswords =
  /(?<=[;&?"'`=]\s*)(password|pwd)\s*=\s*([^"'`\s,;&(){}[\]]{10,64})(?=[;&"'`]|\s*$)/gi
const connection =
  /\b(server|host|data source|database|initial catalog|user|user id|uid|username)\s*=|\bjdbc:/i

const isPasswordName = (name: string) =>
  /(pass(word|wd|phrase)?s?|pwd)\d*$/i.test(name) && isSecretName(name)

const passwordIn = (code: string): SecretInLine | null => {
  for (const match of code.matchAll(passwords)) {
    const [, , name = '', quote = '', quoted, plain = ''] = match
    const value = quoted ?? plain
    if (isPasswordName(name) && looksTyped(value) && !isReference(quote, value))
      return { kind: `a password for \`${name}\``, index: match.index }
  }
  const others = [
    ...code.matchAll(shellPasswords),
    ...(connection.test(code) ? code.matchAll(connectionPasswords) : []),
  ]
  for (const { 1: name = '', 2: value = '', index } of others)
    if (isPasswordName(name) && looksTyped(value) && !isReference('', value))
      return { kind: `a password for \`${name}\``, index }
  return null
}

/** Without quotes, names with dots are code: `SecureEnclave.P256.PrivateKey`. */
const isReference = (quote: string, value: string) =>
  quote === '' && /^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)+$/.test(value)

/** Passwords of examples are words; real ones have digits among letters. One that is encoded has some by that. */
const isTyped = (url: string) => {
  const password = (/:\/\/[^:]*:([^@]*)@/.exec(url)?.[1] ?? '').replaceAll(/%[0-9a-f]{2}/gi, '%')
  const isMixed = /\d/.test(password) || (password.length >= 12 && /[A-Z]/.test(password))
  return password.length >= 8 && isMixed && /[a-z]/i.test(password)
}
