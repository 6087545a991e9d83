import type { Place } from '../../problem/problem.ts'
import {
  type Around,
  type Directive,
  emptyReading,
  guardedWhy,
  isDomain,
  otherPortWhy,
  pathWhy,
  type ProxyFile,
  type Reading,
} from '../model.ts'
import { unknownWhy } from '../marks.ts'
import { guardOf, hasDirective, isKnownGuard, pathChangeOf } from './guards.ts'
import { expanded, snippetsIn } from './imports.ts'
import { type Matchers, matchersIn, prefixesOf } from './matchers.ts'
import { parseCaddyfile } from './parse.ts'

/** What the edge does by itself, or what changes nothing of which service answers. */
const quiet = /^(encode|log|log_append|tls|bind|vars|intercept|skip_log|log_skip)$/
const serves = /^(file_server|php_fastcgi|root|try_files|templates|respond|acme_server)$/

type Reader = {
  around: Around
  reading: Reading
  domains: (string | null)[]
  matchers: Matchers
}

/** Reads what a Caddyfile leads where. */
export const readCaddyfile = ({ file, text }: ProxyFile, around: Around): Reading => {
  const filled = text.replaceAll(
    /\{\$(\w+)(?::([^}]*))?\}|\{env\.(\w+)\}/g,
    (all, name: string | undefined, fallback: string | undefined, other: string | undefined) =>
      around.environment[name ?? other ?? ''] || (fallback ?? all),
  )
  const parsed = withoutUnset(sitesOf(parseCaddyfile({ file, text: filled })))
  const snippets = snippetsIn(parsed)
  const reading = emptyReading()
  for (const each of expanded(parsed, snippets)) {
    const body = each.block ?? []
    const reader = { around, reading, domains: [], matchers: matchersIn(body) }
    const [first] = each.words
    if (first === undefined) {
      const email = body.find(({ words }) => words[0] === 'email')
      if (email?.words[1] !== undefined)
        reading.email ??= { address: email.words[1], place: placeOf(email) }
    } else if (first === 'import') leave(reader, each, each.words.join(' '), 'it was not read')
    else if (!first.startsWith('(')) {
      const domains = domainsOf(each, reader)
      if (domains.length > 0) readBlock({ ...reader, domains }, body, ['/'])
    }
  }
  return reading
}

/** A file with one site may do without braces: its first line is the address. */
const sitesOf = (all: Directive[]): Directive[] => {
  const first = all.findIndex(({ words }) => words.length > 0)
  const site = all[first]
  if (!site || site.block || /^([({]|import$)/.test(site.words[0]!)) return all
  return [{ ...site, block: all.slice(first + 1) }]
}

/** Lines that are a variable without a value are nothing; a site's address stays, to be told. */
const withoutUnset = (body: Directive[]): Directive[] =>
  body
    .filter(({ words, block }) => block !== null || !/^\{\$\w+\}$/.test(words.join(' ')))
    .map((each) => ({ ...each, block: each.block && withoutUnset(each.block) }))

const placeOf = ({ file, line }: Directive): Place => ({ file, line, column: 1 })

const leave = ({ reading }: Reader, each: Directive, what: string, why: string) => {
  reading.left.push({ what, why, place: placeOf(each) })
}

const domainsOf = (each: Directive, reader: Reader): (string | null)[] =>
  each.words
    .flatMap((word) => word.split(','))
    .filter(Boolean)
    .flatMap((written) => {
      const found = domainOf(written, reader.around)
      if ('domain' in found) return [found.domain]
      leave(reader, each, written, found.why)
      return []
    })

/** Null for a site that answers under any name. */
const domainOf = (
  written: string,
  { known, ports }: Around,
): { domain: string | null } | { why: string } => {
  const address = known(written)
  if (address === null) return { why: unknownWhy }
  const [whole, host = '', port, path = ''] =
    /^(?:https?:\/\/)?([^:/]*)(?::(\d+))?(\/.*)?$/.exec(address) ?? []
  if (whole === undefined) return { why: 'a route needs a whole domain name' }
  if (port !== undefined && !ports.includes(Number(port))) return { why: otherPortWhy }
  if (!/^\/?\*?$/.test(path)) return { why: 'a path that is part of an address is not read' }
  if (host === '' || host === 'localhost') return { domain: null }
  return isDomain(host)
    ? { domain: host.toLowerCase() }
    : { why: 'a route needs a whole domain name' }
}

const readBlock = (reader: Reader, body: Directive[], paths: string[]) => {
  const where = reader.domains.map((each) => `${each ?? 'any name'}${paths[0]}`).join(', ')
  const guard = guardOf(body, reader.matchers)
  if (guard) {
    const does = isKnownGuard(guard)
      ? `${guard.words[0]} protects`
      : `${guard.words.join(' ')} may protect`
    return leave(reader, guard, `${where}, which ${does}`, guardedWhy)
  }
  const change = pathChangeOf(body)
  if (change && hasDirective(body, /^reverse_proxy$/)) {
    reader.reading.serves ||= hasDirective(body, serves)
    return leave(reader, change, `${where}: ${change.words.join(' ')}`, pathWhy)
  }
  for (const each of body) readDirective(reader, each, paths)
}

const readDirective = (reader: Reader, each: Directive, paths: string[]): void => {
  const [name = '', ...args] = each.words
  if (name === '' || name.startsWith('@') || quiet.test(name)) return
  if (name === 'header') return readHeader(reader, each, args)
  if (name === 'redir') return readRedirect(reader, each, args)
  if (serves.test(name)) {
    reader.reading.serves = true
    return leave(reader, each, each.words.join(' '), 'Caddy answers this by itself')
  }
  if (!/^(handle|handle_path|route|reverse_proxy)$/.test(name))
    return leave(reader, each, each.words.join(' '), 'the edge has nothing of the kind')
  const matched = prefixesOf(args[0], reader.matchers)
  if (matched === null)
    return leave(reader, each, each.words.join(' '), 'only plain paths can be matched')
  const within = matched ?? paths
  if (name === 'handle_path') return leave(reader, each, each.words.join(' '), pathWhy)
  if (name !== 'reverse_proxy') return readBlock(reader, each.block ?? [], within)
  if (hasDirective(each.block ?? [], /^(rewrite|method)$/))
    return leave(reader, each, each.words.join(' '), pathWhy)
  readUpstreams(reader, each, matched === undefined ? args : args.slice(1), within)
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
  for (const domain of reader.domains)
    for (const path of paths)
      reader.reading.ways.push({ domain, path, ...first, place: placeOf(each) })
}

const readHeader = (reader: Reader, each: Directive, args: string[]) => {
  const rules = each.block ? each.block.map(({ words }) => words) : [args]
  for (const [name = '', value, ...more] of rules)
    if (/^[A-Za-z][\w-]*$/.test(name) && value !== undefined && more.length === 0)
      reader.reading.headers.push({ name, value, place: placeOf(each) })
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
