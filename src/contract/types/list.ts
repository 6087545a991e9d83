import { addressOf, isHostName, isIpv4, isIpv6 } from './host.ts'
import { first, isOn, type Judge, numberOf, textOf, type Use, type ValueType } from './type.ts'

const separatorOf = (use: Use) => textOf(use, 'separator') ?? ','
const isJson = (use: Use) => textOf(use, 'format') === 'json'

const jsonList = (value: string): unknown[] | null => {
  try {
    const read: unknown = JSON.parse(value)
    return Array.isArray(read) ? read : null
  } catch {
    return null
  }
}

/**
 * The elements of a list, or in words what is wrong with it. A list is either separated or JSON: the
 * app reads one of the two, and the other looks to it like a single strange element.
 */
export const elementsOf = (value: string, use: Use): string[] | string => {
  if (isJson(use)) {
    const list = jsonList(value)
    if (list === null) return 'it is no JSON list; one is expected'
    const flat = list.map((each) => (typeof each === 'string' ? each : JSON.stringify(each)))
    return flat.some((each) => each.trim() === '') ? 'it has an empty element' : flat
  }
  const separator = separatorOf(use)
  const named = separator === ',' ? 'commas' : `\`${separator}\``
  if (jsonList(value) !== null)
    return `it is a JSON list, and the app reads one that is separated by ${named}`
  if (/^\s*[[{]/.test(value) && /[\]}]\s*$/.test(value))
    return `it stands in brackets, and the app reads a list that is separated by ${named}`
  const elements = value.split(separator)
  if (elements.some((each) => each === '')) return 'it has an empty element'
  if (elements.some((each) => /^["']|["']$/.test(each)))
    return 'an element has quotes, which would become part of it'
  if (elements.some((each) => each !== each.trim()))
    return 'an element has spaces around it, which many apps keep'
  return elements
}

const lengths = (count: number, use: Use): string | null => {
  const [min, max, exact] = ['minLength', 'maxLength', 'isLength'].map((each) =>
    numberOf(use, each),
  )
  return first(
    count < (min ?? 0) && `it has ${count} elements, fewer than ${min}`,
    count > (max ?? Infinity) && `it has ${count} elements, more than ${max}`,
    count !== (exact ?? count) && `it has ${count} elements instead of ${exact}`,
  )
}

const listOptions: ValueType['options'] = {
  separator: { kind: 'text', meaning: 'what stands between the elements, a comma unless said' },
  format: { kind: 'text', meaning: '`separator` unless said, or `json`: how the app reads it' },
  minLength: { kind: 'number', meaning: 'fewest elements' },
  maxLength: { kind: 'number', meaning: 'most elements' },
  isLength: { kind: 'number', meaning: 'exactly so many elements' },
  unique: { kind: 'boolean', meaning: 'no element twice' },
}

/** How such a list is written, with two elements as an example. */
const listWords = (use: Use, [one, two]: [string, string]) =>
  isJson(use)
    ? `a JSON list such as ["${one}","${two}"]`
    : `a list such as ${one}${separatorOf(use)}${two} (no brackets, quotes or spaces)`

const judged = (value: string, use: Use, wrongElement: (element: string) => string | null) => {
  const elements = elementsOf(value, use)
  if (typeof elements === 'string') return elements
  const index = elements.findIndex((each) => wrongElement(each) !== null)
  return first(
    index >= 0 && `element ${index + 1} of ${elements.length}: ${wrongElement(elements[index]!)}`,
    lengths(elements.length, use),
    isOn(use, 'unique') && new Set(elements).size < elements.length && 'an element is there twice',
  )
}

const array: ValueType = {
  origin: 'varlock',
  meaning: [
    'A list: separated by commas, or JSON with `format=json`. Which of the two is what the app reads;',
    'the other is refused.',
  ].join(' '),
  options: listOptions,
  members: 'type',
  sample: 'a,b',
  format: (use) => listWords(use, ['a', 'b']),
  wrong: (value, use, judge: Judge) =>
    judged(value, use, (element) => (use.of ? judge(element, use.of) : null)),
}

const record: ValueType = {
  origin: 'varlock',
  meaning: 'A JSON object whose values are all of one type.',
  options: {
    keyType: { kind: 'type', meaning: 'the type of its keys' },
    entriesMinLength: { kind: 'number', meaning: 'fewest entries' },
    entriesMaxLength: { kind: 'number', meaning: 'most entries' },
    entriesIsLength: { kind: 'number', meaning: 'exactly so many entries' },
  },
  members: 'type',
  sample: '{"low":"1"}',
  format: () => 'a JSON object such as {"low":1}',
  wrong: (value, use, judge) => {
    const entries = objectOf(value)
    if (entries === null) return 'it is no JSON object'
    const at = entries.findIndex(([, each]) => {
      const text = typeof each === 'string' ? each : JSON.stringify(each)
      return use.of !== null && judge(text, use.of) !== null
    })
    const count = entries.length
    const [min, max, exact] = ['Min', 'Max', 'Is'].map((each) =>
      numberOf(use, `entries${each}Length`),
    )
    return first(
      at >= 0 && `entry ${at + 1} of ${count} is not of its type`,
      count < (min ?? 0) && `it has ${count} entries, fewer than ${min}`,
      count > (max ?? Infinity) && `it has ${count} entries, more than ${max}`,
      count !== (exact ?? count) && `it has ${count} entries instead of ${exact}`,
    )
  },
}

const objectOf = (value: string): [string, unknown][] | null => {
  try {
    const read: unknown = JSON.parse(value)
    return typeof read === 'object' && read !== null && !Array.isArray(read)
      ? Object.entries(read)
      : null
  } catch {
    return null
  }
}

const alsoOption = {
  also: { kind: 'list' as const, meaning: 'elements that are right though no route serves them' },
  allowWildcard: { kind: 'boolean' as const, meaning: '`*` and `*.shop.example` are right too' },
}

const hosts: ValueType = {
  origin: 'zarpe',
  meaning: [
    'Hosts that an app answers to (ALLOWED_HOSTS). Each must be served by a route, be a service or this',
    'container; each domain routed to a service that has the variable must be among them.',
  ].join(' '),
  options: { ...listOptions, ...alsoOption },
  sample: 'shop.example,api.shop.example',
  format: (use) => listWords(use, ['shop.example', 'api.shop.example']),
  wrong: (value, use) =>
    judged(value, use, (element) => {
      if (isOn(use, 'allowWildcard') && element === '*') return null
      const name = element
        .replace(/^\./, '')
        .replace(isOn(use, 'allowWildcard') ? /^\*\./ : /^$/, '')
      return first(
        element.includes('://') && 'it has a scheme; a host has none',
        element === '*' && 'it lets any host in',
        !isHostName(name) &&
          !isIpv4(name) &&
          !isIpv6(name.replace(/^\[|\]$/g, '')) &&
          'it is no host',
      )
    }),
}

const origins: ValueType = {
  origin: 'zarpe',
  meaning:
    'Origins whose pages may call an app (CORS_ORIGINS): scheme, host, and a port if it is unusual. Each must be a domain that a route serves.',
  options: { ...listOptions, ...alsoOption },
  sample: 'https://shop.example,https://admin.shop.example',
  format: (use) => listWords(use, ['https://shop.example', 'https://admin.shop.example']),
  wrong: (value, use) =>
    judged(value, use, (element) => {
      if (isOn(use, 'allowWildcard') && element === '*') return null
      if (element === '*') return 'it lets any page in'
      const wild = isOn(use, 'allowWildcard') ? element.replace('://*.', '://') : element
      const is = addressOf(wild)
      if (typeof is === 'string') return is
      return first(
        !/^https?$/.test(is.scheme) && 'its scheme is not http or https',
        /[^:/]\/|[?#]/.test(element) && 'it has a / or more after its host',
        is.user + is.password !== '' && 'it has a user name',
        element !== element.toLowerCase() && 'it is not in lower case, as browsers send it',
      )
    }),
}

export const listTypes = {
  array,
  record,
  zarpe_hosts: hosts,
  zarpe_origins: origins,
} satisfies Record<string, ValueType>
