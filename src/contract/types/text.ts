import { first, isOn, numberOf, oneOf, patternOf, textOf, type ValueType } from './type.ts'

const string: ValueType = {
  origin: 'varlock',
  meaning: 'Any text. The type of a variable that names none.',
  options: {
    minLength: { kind: 'number', meaning: 'fewest characters' },
    maxLength: { kind: 'number', meaning: 'most characters' },
    isLength: { kind: 'number', meaning: 'exactly so many characters' },
    startsWith: { kind: 'text', meaning: 'what it begins with' },
    endsWith: { kind: 'text', meaning: 'what it ends with' },
    matches: { kind: 'pattern', meaning: 'a regular expression that it matches' },
    toUpperCase: { kind: 'boolean', meaning: 'it must be in upper case already' },
    toLowerCase: { kind: 'boolean', meaning: 'it must be in lower case already' },
    allowEmpty: { kind: 'boolean', meaning: 'no effect; `@optional` allows an empty value' },
  },
  sample: 'any text',
  format: (use) =>
    [
      'a text',
      ...lengthWords(numberOf(use, 'minLength'), numberOf(use, 'maxLength')),
      ...(numberOf(use, 'isLength') === null
        ? []
        : [`of exactly ${numberOf(use, 'isLength')} characters`]),
      ...(textOf(use, 'startsWith') ? [`that begins with ${textOf(use, 'startsWith')}`] : []),
      ...(textOf(use, 'endsWith') ? [`that ends with ${textOf(use, 'endsWith')}`] : []),
      ...(textOf(use, 'matches') ? [`that matches ${textOf(use, 'matches')}`] : []),
      ...(isOn(use, 'toUpperCase') ? ['in upper case'] : []),
      ...(isOn(use, 'toLowerCase') ? ['in lower case'] : []),
    ].join(' '),
  wrong: (value, use) => {
    // As its reader counts them, an emoji is one.
    const length = Array.from(value).length
    return first(
      length < (numberOf(use, 'minLength') ?? 0) && tooShort(length, numberOf(use, 'minLength')!),
      length > (numberOf(use, 'maxLength') ?? Infinity) &&
        `it has ${length} characters, more than ${numberOf(use, 'maxLength')}`,
      length !== (numberOf(use, 'isLength') ?? length) &&
        `it has ${length} characters instead of ${numberOf(use, 'isLength')}`,
      !value.startsWith(textOf(use, 'startsWith') ?? '') && 'it begins with something else',
      !value.endsWith(textOf(use, 'endsWith') ?? '') && 'it ends with something else',
      !(patternOf(textOf(use, 'matches'))?.test(value) ?? true) && 'it does not match the pattern',
      isOn(use, 'toUpperCase') && value !== value.toUpperCase() && 'it is not in upper case',
      isOn(use, 'toLowerCase') && value !== value.toLowerCase() && 'it is not in lower case',
    )
  },
}

const enumeration: ValueType = {
  origin: 'varlock',
  meaning: 'One of the values in the parentheses, exactly as written.',
  options: {},
  members: 'values',
  sample: 'info',
  format: (use) => oneOf(use.members),
  wrong: (value, use) => {
    if (use.members.includes(value)) return null
    const close = use.members.some((each) => each.toLowerCase() === value.trim().toLowerCase())
    return close
      ? 'it differs from one of them in case or in spaces around it'
      : 'it is none of the values that the contract lists'
  },
}

const truths = ['t', 'true', 'yes', 'on', '1']
const falsehoods = ['f', 'false', 'no', 'off', '0']

/** Whether a boolean's value says no. */
export const isFalsehood = (value: string): boolean => falsehoods.includes(value.toLowerCase())

const boolean: ValueType = {
  origin: 'varlock',
  meaning: `\`${truths.join('`, `')}\` or \`${falsehoods.join('`, `')}\`, in any case.`,
  options: {},
  sample: 'true',
  format: () => 'true or false (or yes, no, on, off, 1, 0)',
  wrong: (value) =>
    truths.includes(value.toLowerCase()) || isFalsehood(value)
      ? null
      : 'it is neither true nor false',
}

/** A type of texts that one pattern tells. */
const shaped = (meaning: string, sample: string, format: string, shape: RegExp): ValueType => ({
  origin: 'varlock',
  meaning,
  options: {},
  sample,
  format: () => format,
  wrong: (value) => (shape.test(value) ? null : 'it has another form'),
})

const email: ValueType = {
  ...shaped('An e-mail address.', 'ops@shop.example', 'an e-mail address, as name@domain', /$/),
  options: { normalize: { kind: 'boolean', meaning: 'it must be in lower case already' } },
  wrong: (value, use) =>
    first(
      !/^[^\s@<>",;]+@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]$/.test(
        value,
      ) && 'it is no e-mail address',
      isOn(use, 'normalize') && value !== value.toLowerCase() && 'it is not in lower case',
    ),
}

const path: ValueType = {
  origin: 'zarpe',
  meaning: 'A whole path in the container, beginning with `/`.',
  options: {
    relative: { kind: 'boolean', meaning: 'a path that does not begin with / is right too' },
  },
  sample: '/var/lib/app/uploads',
  format: (use) =>
    isOn(use, 'relative') ? 'a path such as data/uploads' : 'a whole path such as /data/uploads',
  wrong: (value, use) =>
    first(
      value.includes('\0') && 'it holds a NUL byte',
      value !== value.trim() && 'it has spaces around it',
      value.startsWith('~') && 'it begins with ~, which only a shell replaces',
      /^[A-Za-z]:[\\/]|\\/.test(value) && 'it is a path of Windows',
      !isOn(use, 'relative') && !value.startsWith('/') && 'it does not begin with /',
    ),
}

const objectShape = (value: string): string | null => {
  try {
    const read: unknown = JSON.parse(value)
    return typeof read === 'object' && read !== null && !Array.isArray(read)
      ? null
      : 'it is JSON, but no object'
  } catch {
    return 'it is no JSON'
  }
}

const simpleObject: ValueType = {
  ...shaped('A JSON object.', '{"key":"value"}', 'a JSON object, as {"key":"value"}', /$/),
  wrong: objectShape,
}

export const textTypes = {
  string,
  enum: enumeration,
  boolean,
  email,
  'simple-object': simpleObject,
  zarpe_path: path,
  semver: shaped(
    'A semantic version.',
    '1.2.3-beta.1',
    'a semantic version such as 1.2.3',
    /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$/,
  ),
  uuid: shaped(
    'A UUID.',
    '123e4567-e89b-12d3-a456-426614174000',
    'a UUID, 8-4-4-4-12 hexadecimal digits',
    /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  ),
  md5: shaped(
    'An MD5 hash.',
    'd41d8cd98f00b204e9800998ecf8427e',
    '32 hexadecimal digits',
    /^[0-9a-f]{32}$/i,
  ),
} satisfies Record<string, ValueType>

const lengthWords = (min: number | null, max: number | null): string[] => {
  if (min !== null && max !== null) return [`of ${min} to ${max} characters`]
  if (min !== null) return [`of at least ${min} characters`]
  return max === null ? [] : [`of at most ${max} characters`]
}

export const tooShort = (length: number, min: number) =>
  `it has ${length} characters, fewer than ${min}`
