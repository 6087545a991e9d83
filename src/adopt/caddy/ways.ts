import type { Place } from '../../problem/problem.ts'
import {
  type Around,
  type Directive,
  emptyReading,
  guardedWhy,
  prefixOf,
  type ProxyFile,
  type Reading,
} from '../model.ts'
import { unknownWhy } from '../marks.ts'
import { parseCaddyfile } from './parse.ts'

/** What the edge does by itself, or what changes nothing of which service answers. */
const quiet = /^(encode|log|log_append|tls|bind|vars|intercept|skip_log|log_skip|lb_|header_up$)/
const guards = /^(basic_?auth|forward_auth)$/
const serves = /^(file_server|php_fastcgi|root|try_files|templates|respond|acme_server)$/

type Site = {
  domains: (string | null)[]
  matchers: Map<string, string[] | null>
  snippets: Map<string, Directive[]>
}

/** Reads what a Caddyfile leads where. */
export const readCaddyfile = ({ file, text }: ProxyFile, around: Around): Reading => {
  const filled = text.replaceAll(
    /\{\$(\w+)(?::([^}]*))?\}|\{env\.(\w+)\}/g,
    (_all, name: string | undefined, fallback: string | undefined, other: string | undefined) =>
      around.environment[name ?? other ?? ''] || (fallback ?? ''),
  )
  const all = sitesOf(parseCaddyfile(filled))
  const snippets = new Map(
    all.flatMap(({ words, block }) => {
      const name = /^\((.+)\)$/.exec(words[0] ?? '')?.[1]
      return name === undefined ? [] : [[name, block ?? []] as const]
    }),
  )
  const reading = emptyReading()
  for (const each of all) {
    if (each.words.length === 0) {
      const email = each.block?.find(({ words }) => words[0] === 'email')
      if (email?.words[1] !== undefined)
        reading.email ??= { address: email.words[1], place: placeIn(file, email) }
    }
    if (each.words.length === 0 || each.words[0]!.startsWith('(')) continue
    const body = each.block ?? []
    const site: Site = { domains: [], matchers: matchersOf(body), snippets }
    const reader = { file, site, around, reading }
    site.domains = domainsOf(each, reader)
    if (site.domains.length > 0) readBlock(reader, body, ['/'])
  }
  return reading
}

type Reader = { file: string; site: Site; around: Around; reading: Reading }

/** A file with one site may do without braces: its first line is the address. */
const sitesOf = (all: Directive[]): Directive[] => {
  const first = all.findIndex(({ words }) => words.length > 0)
  const site = all[first]
  if (!site || site.block || /^[({]/.test(site.words[0]!)) return all
  return [{ ...site, block: all.slice(first + 1) }]
}

const placeIn = (file: string, { line }: Directive): Place => ({ file, line, column: 1 })

const leave = ({ file, reading }: Reader, each: Directive, what: string, why: string) => {
  reading.left.push({ what, why, place: placeIn(file, each) })
}

const domainsOf = (each: Directive, reader: Reader): (string | null)[] =>
  each.words
    .flatMap((word) => word.split(','))
    .filter(Boolean)
    .flatMap((written) => {
      const address = reader.around.known(written)
      if (address === null) {
        leave(reader, each, written, unknownWhy)
        return []
      }
      const [, host = '', port] = /^(?:https?:\/\/)?([^:/]*)(?::(\d+))?/.exec(address) ?? []
      if (port !== undefined && !['80', '443'].includes(port) && host !== '') {
        leave(reader, each, address, 'only ports 80 and 443 are served')
        return []
      }
      if (host === '' || host === 'localhost') return [null]
      if (/^[a-z0-9.-]+\.[a-z0-9-]+$/i.test(host)) return [host.toLowerCase()]
      leave(reader, each, address, 'a route needs a whole domain name')
      return []
    })

const matchersOf = (body: Directive[]) =>
  new Map(
    body
      .filter(({ words }) => words[0]?.startsWith('@'))
      .map(({ words, block }) => {
        const [name = '', ...inline] = words
        const rules = block ? block.map((each) => each.words) : [inline]
        const [kind, ...paths] = rules[0] ?? []
        return [name, rules.length === 1 && kind === 'path' ? paths : null] as const
      }),
  )

const readBlock = (reader: Reader, body: Directive[], paths: string[]) => {
  const guard = body.find(({ words }) => guards.test(words[0] ?? ''))
  if (guard) {
    const where = reader.site.domains.map((each) => `${each ?? 'any name'}${paths[0]}`).join(', ')
    return leave(reader, guard, `${where}, which ${guard.words[0]} protects`, guardedWhy)
  }
  for (const each of body) readDirective(reader, each, paths)
}

const readDirective = (reader: Reader, each: Directive, paths: string[]): void => {
  const [name = '', ...args] = each.words
  if (name === '' || name.startsWith('@') || quiet.test(name)) return
  if (name === 'import') return expandImport(reader, each, paths)
  if (name === 'header') return readHeader(reader, each, args)
  if (name === 'redir') return readRedirect(reader, each, args)
  if (serves.test(name)) {
    reader.reading.serves = true
    return leave(reader, each, each.words.join(' '), 'Caddy answers this by itself')
  }
  if (!/^(handle|handle_path|route|reverse_proxy)$/.test(name))
    return leave(reader, each, each.words.join(' '), 'the edge has nothing of the kind')
  const matched = matcherOf(reader, args[0])
  if (matched === null)
    return leave(reader, each, each.words.join(' '), 'only plain paths can be matched')
  const within = matched ?? paths
  if (name === 'handle_path')
    return leave(
      reader,
      each,
      each.words.join(' '),
      'it takes the prefix off the path; Zarpe passes paths on as they are',
    )
  if (name !== 'reverse_proxy') return readBlock(reader, each.block ?? [], within)
  readUpstreams(reader, each, matched === undefined ? args : args.slice(1), within)
}

/** The prefixes of a matcher; undefined if the word is none, null if it cannot be a prefix. */
const matcherOf = ({ site }: Reader, word: string | undefined): string[] | null | undefined => {
  if (word === undefined) return undefined
  if (word === '*') return ['/']
  const paths = word.startsWith('@') ? site.matchers.get(word) : word.startsWith('/') ? [word] : []
  if (!paths) return null
  if (paths.length === 0) return undefined
  const prefixes = paths.map(prefixOf)
  return prefixes.includes(null) ? null : (prefixes as string[])
}

const readUpstreams = (reader: Reader, each: Directive, args: string[], paths: string[]) => {
  const more = (each.block ?? []).flatMap(({ words }) => (words[0] === 'to' ? words.slice(1) : []))
  const found = [...args, ...more].map((address) => reader.around.find(address))
  const [first] = found
  const odd = found.find((one) => typeof one === 'string')
  if (first === undefined || typeof first === 'string' || odd !== undefined)
    return leave(reader, each, each.words.join(' '), odd ?? 'it names no upstream')
  if (found.some((one) => typeof one !== 'string' && one.service !== first.service))
    return leave(reader, each, each.words.join(' '), 'a route leads to one service')
  for (const domain of reader.site.domains)
    for (const path of paths)
      reader.reading.ways.push({ domain, path, ...first, place: placeIn(reader.file, each) })
}

const expandImport = (reader: Reader, each: Directive, paths: string[]) => {
  const snippet = reader.site.snippets.get(each.words[1] ?? '')
  if (!snippet || each.words.length > 2)
    return leave(reader, each, each.words.join(' '), 'it was not read')
  // A snippet that brings itself in would have no end.
  const snippets = new Map(reader.site.snippets)
  snippets.delete(each.words[1]!)
  readBlock({ ...reader, site: { ...reader.site, snippets } }, snippet, paths)
}

const readHeader = (reader: Reader, each: Directive, args: string[]) => {
  const rules = each.block ? each.block.map(({ words }) => words) : [args]
  for (const [name = '', value, ...more] of rules)
    if (/^[A-Za-z][\w-]*$/.test(name) && value !== undefined && more.length === 0)
      reader.reading.headers.push({ name, value, place: placeIn(reader.file, each) })
    else if (!/^-(Server|X-Powered-By)$/i.test(name))
      leave(reader, each, `header ${name}`, 'the edge only adds headers that answers lack')
}

const readRedirect = (reader: Reader, each: Directive, args: string[]) => {
  const target = args.find((word) => /^https?:/.test(word)) ?? ''
  const toSelf = /^https:\/\/\{(host|http\.request\.host)\}/.test(target)
  if (!toSelf)
    leave(
      reader,
      each,
      each.words.join(' '),
      'the edge redirects from HTTP to HTTPS and nothing else',
    )
}
