import { entropyOf } from '../../check/secrets/secrets.ts'
import { tooShort } from './text.ts'
import { first, numberOf, textOf, type Use, type ValueType } from './type.ts'

const lengthDefault = 32
const passwordLengthDefault = 16
const entropyDefault = 80

/** Values that everybody writes until they have a real one. Never a short word: chance would make it. */
const placeholders = [
  /change[-_ ]?me|replace[-_ ]?me|placeholder/i,
  /^(your|my|dev|test|insecure|default|example|dummy)[-_ ]/i,
  /^(<.*>|x{4,}|todo|tbd|secret|password|admin|root|postgres|example|test|none|null|undefined)$/i,
]

/** Whether a value is one that stands for another, such as `changeme`. */
export const isPlaceholder = (value: string): boolean =>
  placeholders.some((each) => each.test(value.trim()))

/**
 * Bits that a value could hold if it was made at random, judged by its own characters: repetition
 * and runs such as `abcd` or `1234` count for nothing. An upper bound, so too little is certain.
 */
export const entropyBits = (value: string): number => {
  const block = repeated(value)
  const characters = Array.from(block)
  const news = characters.filter((each, index) => {
    const step = each.codePointAt(0)! - (characters[index - 1]?.codePointAt(0) ?? -9)
    return Math.abs(step) > 1
  })
  return entropyOf(block) * news.length
}

/** The shortest text of which a value is a repetition. */
const repeated = (value: string): string => {
  const period = value.length > 1 ? (value + value).indexOf(value, 1) : value.length
  return value.slice(0, period)
}

const weak = (value: string, min: number): string | null => {
  const bits = Math.floor(entropyBits(value))
  return bits < min
    ? `it could be guessed: its characters hold at most ${bits} bits, fewer than ${min}`
    : null
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Letters and digits from random bytes, none of them likelier than another. */
const letters = (count: number, random: (bytes: number) => Buffer): string => {
  let text = ''
  while (text.length < count)
    for (const byte of random(count * 2))
      if (byte < 4 * alphabet.length && text.length < count)
        text += alphabet[byte % alphabet.length]
  return text
}

/** Grows until it is strong enough, whatever the contract asks. */
const strong = (use: Use, count: number, random: (bytes: number) => Buffer): string => {
  const min = numberOf(use, 'minEntropy') ?? entropyDefault
  let value = letters(count, random)
  while (entropyBits(value) < min && value.length < 65_536)
    value += letters(Math.max(8, value.length), random)
  return value
}

const secret: ValueType = {
  origin: 'zarpe',
  meaning:
    'A random text that signs or encrypts, such as a SECRET_KEY: long, and not to be guessed.',
  options: {
    minLength: { kind: 'number', meaning: `fewest characters, ${lengthDefault} unless said` },
    minEntropy: {
      kind: 'number',
      meaning: `fewest bits it could hold, ${entropyDefault} unless said`,
    },
  },
  secret: true,
  sample: 'hV3kq9TzR0bW7mXe2Ld8sYpN4uCfGa1J',
  format: (use) => `at least ${numberOf(use, 'minLength') ?? lengthDefault} random characters`,
  wrong: (value, use) => {
    const min = numberOf(use, 'minLength') ?? lengthDefault
    const length = Array.from(value).length
    return first(
      length < min && tooShort(length, min),
      isPlaceholder(value) && 'it stands for a value that was never filled in',
      weak(value, numberOf(use, 'minEntropy') ?? entropyDefault),
    )
  },
  generate: (use, random) =>
    strong(use, Math.max(48, numberOf(use, 'minLength') ?? lengthDefault), random),
}

const password: ValueType = {
  origin: 'zarpe',
  meaning: 'A password between programs. Letters and digits only are generated: safe inside a URL.',
  options: {
    minLength: {
      kind: 'number',
      meaning: `fewest characters, ${passwordLengthDefault} unless said`,
    },
    minEntropy: { kind: 'number', meaning: 'fewest bits it could hold, 40 unless said' },
  },
  secret: true,
  sample: 'Xq7mTz2RbW9kLd4s',
  format: (use) => `at least ${numberOf(use, 'minLength') ?? passwordLengthDefault} characters`,
  wrong: (value, use) => {
    const min = numberOf(use, 'minLength') ?? passwordLengthDefault
    const length = Array.from(value).length
    return first(
      length < min && tooShort(length, min),
      isPlaceholder(value) && 'it stands for a value that was never filled in',
      weak(value, numberOf(use, 'minEntropy') ?? 40),
    )
  },
  generate: (use, random) =>
    strong(use, Math.max(32, numberOf(use, 'minLength') ?? passwordLengthDefault), random),
}

const fernet: ValueType = {
  origin: 'zarpe',
  meaning: 'A Fernet key: 32 bytes in URL-safe base64, 44 characters that end with `=`.',
  options: {},
  secret: true,
  sample: 'hV3kq9TzR0bW7mXe2Ld8sYpN4uCfGa1JhV3kq9TzR0g=',
  format: () => 'a Fernet key: 32 bytes in URL-safe base64, 44 characters',
  wrong: (value) =>
    first(
      value.length !== 44 && `it has ${Array.from(value).length} characters instead of 44`,
      /[+/]/.test(value) && 'it is in ordinary base64: + and / must be - and _',
      !/^[A-Za-z0-9_-]{43}=$/.test(value) && 'it is no URL-safe base64 with one = at its end',
      weak(value, entropyDefault),
    ),
  generate: (_use, random) => `${random(32).toString('base64url')}=`,
}

const encodings = ['hex', 'base64', 'base64url'] as const
type Encoding = (typeof encodings)[number]

const encodingOf = (use: Use): Encoding =>
  encodings.find((each) => each === textOf(use, 'encoding')) ?? 'hex'
const bytesOf = (use: Use) => Math.min(4096, Math.max(1, numberOf(use, 'bytes') ?? 32))
const shapes: Record<Encoding, RegExp> = {
  hex: /^([0-9a-fA-F]{2})+$/,
  base64: /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
  base64url: /^[A-Za-z0-9_-]+={0,2}$/,
}

const key: ValueType = {
  origin: 'zarpe',
  meaning: 'A key of so many random bytes, written in hexadecimal or base64.',
  options: {
    bytes: { kind: 'number', meaning: 'how many, 32 unless said' },
    encoding: { kind: 'text', meaning: '`hex` unless said, `base64` or `base64url`' },
  },
  secret: true,
  sample: '8f1c0e7ab35d924466d1f0b29ac3e8570f2b6d91ce48a7350de1927bfc640a85',
  format: (use) => `${bytesOf(use)} random bytes in ${encodingOf(use)}`,
  wrong: (value, use) => {
    const encoding = encodingOf(use)
    if (!shapes[encoding].test(value)) return `it is not written in ${encoding}`
    const bytes = Buffer.from(value, encoding)
    return first(
      bytes.length !== bytesOf(use) && `it has ${bytes.length} bytes instead of ${bytesOf(use)}`,
      bytes.length >= 16 && new Set(bytes).size < 6 && 'its bytes are not random',
    )
  },
  generate: (use, random) => random(bytesOf(use)).toString(encodingOf(use)),
}

export const secretTypes = {
  zarpe_secret: secret,
  zarpe_password: password,
  zarpe_fernet: fernet,
  zarpe_key: key,
} satisfies Record<string, ValueType>
