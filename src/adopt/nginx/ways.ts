import type { Place } from '../../problem/problem.ts'
import {
  type Around,
  type Directive,
  emptyReading,
  guardedWhy,
  isDomain,
  otherPortWhy,
  pathWhy,
  prefixOf,
  type ProxyFile,
  type Reading,
} from '../model.ts'
import { unknownWhy } from '../marks.ts'
import { guardOf, isKnownGuard, pathChangeOf } from './guards.ts'
import { wholeFiles } from './includes.ts'
import { parseNginx } from './parse.ts'
import { isQuiet } from './quiet.ts'

const serving =
  /^(root|alias|try_files|index|autoindex|fastcgi_pass|uwsgi_pass|scgi_pass|stub_status)$/

type Reader = {
  reading: Reading
  /** Servers of each `upstream`. */
  groups: Map<string, string[]>
  /** What keeps somebody out of all servers. */
  guard: Directive | undefined
  variables: Map<string, string>
  around: Around
  domains: (string | null)[]
  /** Where nginx's own answers can be had; null if it speaks HTTPS alone. */
  own: { service: string; port: number } | null
}

/** Reads what the files of nginx lead where. */
export const readNginx = (files: ProxyFile[], around: Around): Reading => {
  const parsed = files.map(({ file, text }) => ({
    file,
    // The official image fills templates in; other names with a dollar sign are nginx's own.
    body: parseNginx({
      file,
      text: text.replaceAll(
        /\$\{(\w+)\}/g,
        (whole, name: string) => around.environment[name] ?? whole,
      ),
    }),
  }))
  const all = wholeFiles(parsed).flatMap((each) => [
    each,
    ...(each.words[0] === 'http' ? (each.block ?? []) : []),
  ])
  const groups = new Map(
    all
      .filter(({ words }) => words[0] === 'upstream')
      .map(({ words, block }) => [words[1] ?? '', serversOf(block ?? [])] as const),
  )
  const guard = guardOf(all, 'http')
  const reading = emptyReading()
  const base = { reading, groups, guard, variables: new Map(), around, domains: [], own: null }
  for (const each of all) {
    const [name = ''] = each.words
    if (name === 'server') readServer({ ...base, variables: new Map() }, each.block ?? [])
    else if (name === 'stream') leave(base, each, 'stream', 'only HTTP is served')
    // That of all servers is told with each of them.
    else if (each !== guard && !/^(http|upstream|map|geo|events)$/.test(name))
      readSetting(base, each)
  }
  return reading
}

const serversOf = (block: Directive[]): string[] =>
  block.flatMap(({ words }) => (words[0] === 'server' && words[1] ? [words[1]] : []))

const placeOf = ({ file, line }: Directive): Place => ({ file, line, column: 1 })

const leave = ({ reading }: Reader, each: Directive, what: string, why: string) => {
  reading.left.push({ what, why, place: placeOf(each) })
}

const leaveGuarded = (reader: Reader, guard: Directive, what: string) => {
  const does = isKnownGuard(guard) ? 'protects' : 'may protect'
  leave(reader, guard, `${what}, which ${guard.words.join(' ')} ${does}`, guardedWhy)
}

const readServer = (reader: Reader, body: Directive[]) => {
  if (redirectsToSelf(body)) return
  const named = (name: string) => body.filter(({ words }) => words[0] === name)
  reader.own = ownAddress(reader.around.service, named('listen'))
  for (const each of named('set'))
    if (each.words.length === 3) reader.variables.set(each.words[1]!, each.words[2]!)
  reader.domains = named('server_name').flatMap((each) => namesOf(reader, each))
  if (named('server_name').length === 0) reader.domains = [null]
  const where = reader.domains.map((each) => each ?? 'any name').join(', ') || 'a server'
  const guard = reader.guard ?? guardOf(body, 'server')
  if (guard) return leaveGuarded(reader, guard, where)
  const listens = named('listen')
  if (listens.length > 0 && !listens.some((each) => isPublic(each, reader.around)))
    return leave(reader, listens[0]!, `${where} at ${listens[0]!.words.join(' ')}`, otherPortWhy)
  const change = pathChangeOf(body)
  if (change && hasPass(body))
    return leave(reader, change, `${where}: ${change.words.join(' ')}`, pathWhy)
  const served = body.find(({ words }) => words[0] === 'root')
  const locations = named('location')
  for (const each of body)
    if (each.words[0] === 'location') readLocation(reader, each, served !== undefined)
    else if (each.words[0] === 'return') readReturn(reader, each)
    else if (each !== served && !/^(set|server_name|listen|index)$/.test(each.words[0] ?? ''))
      readSetting(reader, each)
  if (served && !locations.some(({ words }) => words.at(-1) === '/'))
    serveItself(reader, served, '/')
}

const hasPass = (body: Directive[]): boolean =>
  body.some(({ words, block }) => words[0]?.endsWith('_pass') || hasPass(block ?? []))

/** Whether the world comes in where a server listens: `8080`, `127.0.0.1:80`, `[::]:443`, `unix:/x`. */
const isPublic = ({ words: [, written = ''] }: Directive, { known, ports }: Around): boolean => {
  const address = known(written) ?? ''
  const [whole, host = '', port = '80'] =
    /^(?:(\*|\[[^\]]*\]|[\w.-]*?[a-z.][\w.-]*)(?::(\d+))?|\d+)$/i.exec(address) ?? []
  if (whole === undefined || /^(localhost|127\.|\[::1\])/i.test(host)) return false
  return ports.includes(Number(/^\d+$/.test(address) ? address : port))
}

/** `return 301 https://$host$request_uri` on port 80: the edge does that too. */
const redirectsToSelf = (body: Directive[]): boolean => {
  const answers = body.flatMap((each) =>
    each.words[0] === 'location' && !isChallenge(each) ? (each.block ?? []) : [each],
  )
  return (
    answers.some(({ words }) => isToSelf(words)) &&
    !answers.some(({ words }) => words[0]?.endsWith('_pass'))
  )
}

const isToSelf = (words: string[]) =>
  (words[0] === 'return' || words[0] === 'rewrite') &&
  words.some((word) => /^https:\/\/\$(host|server_name|http_host)(\$request_uri|\/\$1)?/.test(word))

/** Certificates are the edge's own business. */
const isChallenge = ({ words }: Directive) =>
  words.some((word) => word.includes('/.well-known/acme-challenge'))

const namesOf = (reader: Reader, each: Directive): (string | null)[] =>
  each.words.slice(1).flatMap((written) => {
    const name = reader.around.known(written)
    if (name === null) {
      leave(reader, each, `server_name ${written}`, unknownWhy)
      return []
    }
    if (/^(_|localhost|)$/.test(name)) return [null]
    if (isDomain(name)) return [name.toLowerCase()]
    leave(reader, each, `server_name ${written}`, 'a route needs a whole domain name')
    return []
  })

const ownAddress = (service: string, listens: Directive[]): Reader['own'] => {
  if (listens.length === 0) return { service, port: 80 }
  const plain = listens.find(({ words }) => !words.includes('ssl') && !words.includes('quic'))
  const port = Number(/(\d+)$/.exec(plain?.words[1] ?? '')?.[1] ?? Number.NaN)
  return plain === undefined || Number.isNaN(port) ? null : { service, port }
}

const readLocation = (reader: Reader, each: Directive, hasRoot: boolean) => {
  if (isChallenge(each)) return
  const [, first = '', second] = each.words
  const title = each.words.join(' ')
  const body = each.block ?? []
  const guard = guardOf(body, 'server')
  if (guard) return leaveGuarded(reader, guard, title)
  if (first.startsWith('~')) {
    const pass = body.some(({ words }) => words[0]?.endsWith('_pass'))
    // How long browsers keep files that nginx serves: it stays with them.
    if (pass) leave(reader, each, title, 'only plain prefixes can be routed')
    return
  }
  const path = prefixOf(second ?? first)
  if (path === null || first.startsWith('@')) {
    if (!first.startsWith('@')) leave(reader, each, title, 'only plain prefixes can be routed')
    return
  }
  for (const inner of body)
    if (inner.words[0] === 'set' && inner.words.length === 3)
      reader.variables.set(inner.words[1]!, inner.words[2]!)
  const pass = body.find(({ words }) => words[0] === 'proxy_pass')
  const change = pathChangeOf(body)
  if (pass && change) leave(reader, change, `${title}: ${change.words.join(' ')}`, pathWhy)
  else if (pass) readPass(reader, pass, title, second ?? first, path)
  else if (hasRoot || body.some(({ words }) => serving.test(words[0] ?? ''))) {
    // Where nginx has to be asked for everything, its smaller places need no route of their own.
    if (path === '/' || !hasRoot) serveItself(reader, each, path)
  }
  for (const inner of body)
    if (inner.words[0] === 'return' && !pass) readReturn(reader, inner)
    else if (
      inner !== change &&
      !/^(set|proxy_pass|return)$/.test(inner.words[0] ?? '') &&
      !serving.test(inner.words[0] ?? '')
    )
      readSetting(reader, inner)
}

const readPass = (
  reader: Reader,
  pass: Directive,
  title: string,
  location: string,
  path: string,
) => {
  const address = (pass.words[1] ?? '').replaceAll(
    /\$(\w+)/g,
    (all, name: string) => reader.variables.get(`$${name}`) ?? all,
  )
  const [, scheme = '', host = '', uri = ''] = /^(\w+):\/\/([^/]+)(\/.*)?$/.exec(address) ?? []
  if (uri !== '' && uri !== location && !/^(\/?\$request_uri)$/.test(uri))
    return leave(reader, pass, `${title} → ${address}`, pathWhy)
  const targets = (reader.groups.get(host) ?? [host]).map((each) =>
    reader.around.find(scheme === '' ? address : `${scheme}://${each}`),
  )
  const [first] = targets
  const odd = targets.find((each) => typeof each === 'string')
  if (first === undefined || typeof first === 'string' || odd !== undefined)
    return leave(reader, pass, `${title} → ${address}`, odd ?? 'it names no server')
  if (targets.some((each) => typeof each !== 'string' && each.service !== first.service))
    return leave(reader, pass, `${title} → ${address}`, 'a route leads to one service')
  addWay(reader, pass, path, first)
}

const serveItself = (reader: Reader, each: Directive, path: string) => {
  reader.reading.serves = true
  if (reader.own) return addWay(reader, each, path, reader.own)
  leave(
    reader,
    each,
    `files at ${path}`,
    'nginx serves them over HTTPS alone: let it listen on port 80 too, without a redirect, and route to that',
  )
}

const addWay = (
  { reading, domains }: Reader,
  each: Directive,
  path: string,
  to: { service: string; port: number },
) => {
  for (const domain of domains) reading.ways.push({ domain, path, ...to, place: placeOf(each) })
}

const readReturn = (reader: Reader, each: Directive) => {
  if (isToSelf(each.words)) return
  leave(
    reader,
    each,
    each.words.join(' '),
    'the edge redirects from HTTP to HTTPS and nothing else',
  )
}

const readSetting = (reader: Reader, each: Directive) => {
  const [name = '', first = '', second = ''] = each.words
  if (name === 'add_header') {
    reader.reading.headers.push({ name: first, value: second, place: placeOf(each) })
  } else if (!isQuiet(each))
    leave(reader, each, each.words.join(' '), 'the edge has nothing of the kind')
}
