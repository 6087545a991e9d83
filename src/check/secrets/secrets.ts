// What is a secret and what only looks like one. Three signs: the name of a variable, a prefix that a
// service gives to its keys, and how random a text is. None of these functions returns a value.

const keyOf =
  '(API|PRIVATE|ACCESS|SECRET|ENCRYPTION|SIGNING|MASTER|SERVICE|AUTH|APP|JWT|FERNET|TOTP|COOKIE|SESSION)'
/** Of these, one is often written together with what is before it: PGPASSWORD. */
const longWord = '(PASSWORD|PASSWD|PASSPHRASE)'
const secretWord = new RegExp(
  `(${longWord}|(^|_)(PASS|PWD|SECRET|TOKEN|CREDENTIALS?|${keyOf}_?KEY))S?\\d*(_|$)`,
)

/** Words after which a name says something about a secret instead of holding it. */
const aboutOne = new RegExp(
  [
    '_(FILE|PATH|DIR|URL|URI|HOST|ENDPOINT|NAME|ID|TYPE|HEADER|PREFIX|FIELD|LABEL)$',
    '_(TTL|AGE|EXPIR\\w*|LIFETIME|TIMEOUT|SECONDS|MINUTES|HOURS|DAYS)$',
    '_(LENGTH|LEN|MIN|MAX|COUNT|LIMIT|ALGORITHM|METHOD|POLICY|ROTATION|ENABLED|REQUIRED)$',
    '_(ISSUER|AUDIENCE)$',
    'PUBLIC',
    '^(VITE|REACT_APP)_',
  ].join('|'),
)

/** Names that count the tokens of a language model; in the singular `MAX_BOT_TOKEN` may be a login. */
const countsTokens = new RegExp(
  [
    '(^|_)(MAX|MIN|MAXIMUM|MINIMUM|NUM|NUMBER_OF|TOTAL|LIMIT|AVG)_(\\w+_)?TOKENS(_|$)',
    '(^|_)(PROMPT|COMPLETION|INPUT|OUTPUT|CONTEXT|REASONING|THINKING|CHUNK|BUDGET)_TOKENS(_|$)',
    '(^|_)TOKENS?_(LIMIT|COUNT|MAX|MIN|PER|BUDGET|WINDOW|BUCKET|SIZE|USAGE|OVERLAP)(_|$)',
  ].join('|'),
  'g',
)

/** Whether a variable of this name holds a secret: `DB_PASSWORD`, `apiKey`, not `TOKEN_TTL`. */
export const isSecretName = (name: string): boolean => {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[.-]/g, '_')
    .toUpperCase()
    .replaceAll(countsTokens, '_')
  return secretWord.test(words) && !aboutOne.test(words)
}

const known: [kind: string, pattern: RegExp][] = [
  [
    'a private key',
    /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----(?=\s*$|\\n|[A-Za-z0-9+/])/m,
  ],
  ['an age key', /\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b/],
  ['an AWS access key', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ['a GitHub token', /\bgh[oprsu]_[A-Za-z0-9]{36,}\b|\bgithub_pat_\w{60,}/],
  ['a GitLab token', /\bgl(?:pat|dt|rt|ptt)-[\w-]{20,}/],
  ['a Slack token', /\bxox[abeoprs]-[A-Za-z0-9-]{20,}/],
  ['a Slack webhook', /hooks\.slack\.com\/services\/T\w+\/B\w+\/\w{16,}/],
  ['a Stripe key', /\b(?:sk|rk)_live_[A-Za-z0-9]{20,}|\bwhsec_[A-Za-z0-9+/]{30,}/],
  ['a Google API key', /\bAIza[\w-]{35}\b/],
  ['an Anthropic key', /\bsk-ant-[\w-]{30,}/],
  ['an OpenAI key', /\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{40,}/],
  ['an npm token', /\bnpm_[A-Za-z0-9]{36}\b/],
  ['a PyPI token', /\bpypi-[\w-]{50,}/],
  ['a Docker Hub token', /\bdckr_pat_[\w-]{20,}/],
  ['a Hugging Face token', /\bhf_[A-Za-z0-9]{30,}\b/],
  ['a SendGrid key', /\bSG\.[\w-]{20,24}\.[\w-]{40,}/],
  ['a DigitalOcean token', /\bdo[opr]_v1_[a-f0-9]{64}\b/],
  ['a Telegram bot token', /\b\d{8,10}:AA[\w-]{33}\b/],
  ['a Discord bot token', /\b[MNO][A-Za-z\d]{23,27}\.[\w-]{6}\.[\w-]{27,38}\b/],
  ['a Google OAuth client secret', /\bGOCSPX-[\w-]{28}\b/],
  ['a RubyGems key', /\brubygems_[a-f0-9]{48}\b/],
  ['a Mailgun key', /\bkey-[a-f0-9]{32}\b/],
  ['a Brevo key', /\bxkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}\b/],
  ['a Twilio key', /\bSK[a-f0-9]{32}\b/],
  ['a Shopify token', /\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}\b/],
  ['a Square token', /\bsq0(?:atp|csp)-[\w-]{22,43}\b/],
  ['a Linear key', /\blin_api_[A-Za-z0-9]{40}\b/],
  ['a Grafana token', /\bglsa_[A-Za-z0-9]{32}_[a-f0-9]{8}\b/],
  ['a Vault token', /\bhv[sb]\.[\w-]{24,}/],
  ['a New Relic key', /\bNRAK-[A-Z0-9]{27}\b/],
  ['a Postman key', /\bPMAK-[a-f0-9]{24}-[a-f0-9]{34}\b/],
  ['a Databricks token', /\bdapi[a-f0-9]{32}\b/],
  ['a Doppler token', /\bdp\.(?:pt|st|sa|ct|scim|audit)\.[\w.-]{40,}/],
  ['a Supabase token', /\bsbp_[a-f0-9]{40}\b/],
  ['an Azure storage key', /\bAccountKey=[A-Za-z0-9+/]{86}==/],
  ['a JSON web token', /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}/],
]

/** One look at a text for all of them: most texts hold none. */
const anyKnown = new RegExp(known.map(([, { source }]) => source).join('|'), 'm')

/** Marks of a key that somebody made up for a manual: the word itself, or one character many times. */
const invented = /example|dummy|fake|sample|placeholder|redacted|([^-])\1{7}/i

/** What kind of secret a text holds, told by the form that its maker gave it; null if none. */
export const knownSecret = (text: string): { kind: string; index: number } | null => {
  if (!anyKnown.test(text)) return null
  for (const [kind, pattern] of known) {
    if (!pattern.test(text)) continue
    // A real one may follow one that was made up.
    const all = Array.from(text.matchAll(new RegExp(pattern, `${pattern.flags}g`)))
    const match = all.find((each) => !invented.test(each[0]))
    if (match) return { kind, index: match.index }
  }
  return null
}

const urlWithPassword = /\b[a-z][a-z0-9+.-]{0,40}:\/\/[^\s/:@"'`]*:([^\s/@"'`]+)@/i

/** Whether a text is a URL with a password written into it, and where; not one with `${…}`. */
export const passwordInUrl = (text: string): { index: number; isPlaceholder: boolean } | null => {
  const match = urlWithPassword.exec(text)
  const password = match?.[1] ?? ''
  // `%40` is a letter of a password, `%s` where one will be put.
  if (!match || /[${}<>*]|%(?![0-9a-f]{2})/i.test(password)) return null
  return { index: match.index, isPlaceholder: isPlaceholder(decoded(password)) }
}

/** What `%40` and its like stand for, as far as that is one byte; a manual's `p%40ssw0rd` has to be known. */
const decoded = (text: string) =>
  text.replaceAll(/%([0-7][0-9a-f])/gi, (_all, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  )

const placeholders = new RegExp(
  [
    'change[-_ ]?(me|this|it)',
    'replace[-_ ]?(me|this|with)',
    '^your[-_ ]',
    '^<.*>$',
    '^[x*.]{3,}$',
    '^(todo|tbd|placeholder|example|dummy|sample|default|none|secret|p[a@]ssw[o0]rd|pass|admin)$',
    '^(root|postgres|guest|user|test|testing|dev|development|letmein|qwerty|abc123|1234\\d*|insecure)$',
    '^(dev|test|local|insecure|dummy|example|my|super)[-_ ]?(secret|password|token|key)',
  ].join('|'),
  'i',
)

/** Whether a value stands where somebody still has to put the real one. */
export const isPlaceholder = (value: string): boolean => placeholders.test(value.trim())

/** Whether a value of a variable with a secret's name is none after all: a switch, a path, `${…}`. */
export const isHarmless = (value: string): boolean =>
  /^\s*$|^(true|false|yes|no|on|off|null|~)$|^\.{0,2}\/|^\$|^\{\{/i.test(value) ||
  /^(\$\$?\{[^}]*\}|\$\w+)+$/.test(value)

/** Whether a variable of this name and value holds a secret; a short number is how many tokens. */
export const isSecret = (name: string, value: string): boolean =>
  isSecretName(name) && !isHarmless(value) && !(/token/i.test(name) && /^\d{1,7}$/.test(value))

/** Bits of information in each character, by how often each occurs. */
export const entropyOf = (text: string): number => {
  const characters = Array.from(text)
  const counts = new Map<string, number>()
  for (const character of characters) counts.set(character, (counts.get(character) ?? 0) + 1)
  return [...counts.values()].reduce((sum, count) => {
    const share = count / characters.length
    return sum - share * Math.log2(share)
  }, 0)
}

const randomLengthMin = 20
/** 32 random hexadecimal digits have about 3.6; English words about 3, whatever their length. */
const randomBitsMin = 3.3

/** Whether a text was made by a machine: long, letters and digits, little repetition, no words. */
export const looksRandom = (value: string): boolean =>
  /^[\w+/=.~-]+$/.test(value) && isRandom(value)

const startOfDjango = /^django-insecure-/

/** Stands in files of users and fixtures, and lets nobody in: of crypt, PHP, Django, MySQL. */
const hash = new RegExp(
  [
    '^\\$?\\$(1|2[abxy]?|5|6|7|y|[PHS]|apr1|scrypt|argon2\\w*|pbkdf2[\\w-]*)\\$',
    '^(pbkdf2|scrypt|bcrypt|argon2|md5|sha\\d+)\\w*\\$',
    '^![A-Za-z0-9]{40}$',
    '^\\*[0-9A-F]{40}$',
  ].join('|'),
)

/** What else has such signs: a template, a call, a version, a package, a query, a pattern, a reference. */
const otherForm = new RegExp(
  [
    '%\\(\\w+\\)|\\$[({]|\\.\\w+\\(|^[\\w.]+\\(.*\\)$',
    '^[~^v<>=]*\\d+\\.\\d+\\.\\d+([.+-]|$)',
    '^@[\\w.-]+/[\\w.-]+',
    '^[?&]?\\w+=\\w*&\\w+=',
    '^\\^.*\\$$',
    '^#/',
  ].join('|'),
)

/** As `looksRandom`, of a text in quotes, where the signs that Django puts into its keys may be too. */
export const looksRandomInQuotes = (value: string): boolean =>
  /^[\w+/=.~!@#$%^&*()-]+$/.test(value) &&
  !hash.test(value) &&
  !otherForm.test(value) &&
  isRandom(value.replace(startOfDjango, ''))

const isRandom = (value: string): boolean =>
  value.length >= randomLengthMin &&
  /[A-Za-z]/.test(value) &&
  /\d.*\d.*\d/.test(value) &&
  !isPlaceholder(value) &&
  !invented.test(value) &&
  !isWords(value) &&
  !alphabet.test(value) &&
  entropyOf(value) >= randomBitsMin

/** Of which passwords are made, or what somebody typed for a test. */
const alphabet = /abcdefgh|23456789/i

/** Said of what nobody uses for a real one. */
const wordsOfTests = /pass|secret|test|qwerty|admin|letmein|welcome|1234|abcd|word/i

/** Whether a text is what people and generators use as a password: mixed letters, digits, no known word. */
export const looksTyped = (value: string): boolean =>
  value.length >= 10 &&
  value.length <= 64 &&
  /^[\x21-\x7e]+$/.test(value) &&
  /[a-z]/.test(value) &&
  /[A-Z]/.test(value) &&
  /\d/.test(value) &&
  !/[${}()<>]|::|\.\w+\(/.test(value) &&
  !wordsOfTests.test(value) &&
  !hash.test(value) &&
  !isPlaceholder(value) &&
  !invented.test(value) &&
  !isHarmless(value) &&
  entropyOf(value) >= 3

const wordsMin = 3

/** `my-real-token-abc123`, `process.env.KEY`: parts that are words, which a random text does not have. */
const isWords = (value: string) =>
  value.split(/[-_.]/).filter((part) => /^[A-Za-z]{3,}$/.test(part)).length >= wordsMin
