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
import { parseNginx } from './parse.ts'
import { isQuiet } from './quiet.ts'

/** What asks who somebody is or where from; `off` and `allow all` ask nothing. */
const isGuard = ({ words: [name = '', first = ''] }: Directive) =>
  /^(auth_basic|auth_request|deny)$/.test(name) && first !== 'off'
const serving =
  /^(root|alias|try_files|index|autoindex|fastcgi_pass|uwsgi_pass|scgi_pass|stub_status)$/

type Reader = {
  file: string
  reading: Reading
  /** Servers of each `upstream`. */
  groups: Map<string, string[]>
  variables: Map<string, string>
  around: Around
  domains: (string | null)[]
  /** Where nginx's own answers can be had; null if it speaks HTTPS alone. */
  own: { service: string; port: number } | null
}

/** Reads what a file of nginx leads where. */
export const readNginx = ({ file, text }: ProxyFile, around: Around): Reading => {
  // The official image fills templates in; other names with a dollar sign are nginx's own.
  const filled = text.replaceAll(
    /\$\{(\w+)\}/g,
    (all, name: string) => around.environment[name] ?? all,
  )
  const top = parseNginx(filled)
  const all = [
    ...top,
    ...top.filter(({ words }) => words[0] === 'http').flatMap((each) => each.block ?? []),
  ]
  const groups = new Map(
    all
      .filter(({ words }) => words[0] === 'upstream')
      .map(({ words, block }) => [words[1] ?? '', serversOf(block ?? [])] as const),
  )
  const reading = emptyReading()
  const base = { file, reading, groups, variables: new Map(), around, domains: [], own: null }
  for (const each of all) {
    const [name = ''] = each.words
    if (name === 'server') readServer({ ...base, variables: new Map() }, each.block ?? [])
    else if (!/^(http|upstream|map|geo|events|stream)$/.test(name)) readSetting(base, each)
    else if (name === 'stream') leave(base, each, 'stream', 'only HTTP is served')
  }
  return reading
}

const serversOf = (block: Directive[]): string[] =>
  block.flatMap(({ words }) => (words[0] === 'server' && words[1] ? [words[1]] : []))

const leave = ({ file, reading }: Reader, each: Directive, what: string, why: string) => {
  reading.left.push({ what, why, place: { file, line: each.line, column: 1 } })
}

const readServer = (reader: Reader, body: Directive[]) => {
  if (redirectsToSelf(body)) return
  const named = (name: string) => body.filter(({ words }) => words[0] === name)
  reader.own = ownAddress(reader.around.service, named('listen'))
  for (const each of named('set'))
    if (each.words.length === 3) reader.variables.set(each.words[1]!, each.words[2]!)
  reader.domains = named('server_name').flatMap((each) => namesOf(reader, each))
  if (named('server_name').length === 0) reader.domains = [null]
  const guard = body.find(isGuard)
  if (guard) return leave(reader, guard, `what ${guard.words.join(' ')} protects`, guardedWhy)
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
    if (/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(name)) return [name.toLowerCase()]
    leave(reader, each, `server_name ${name}`, 'a route needs a whole domain name')
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
  const guard = body.find(isGuard)
  if (guard) return leave(reader, guard, `what ${title} protects`, guardedWhy)
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
  if (pass) readPass(reader, pass, title, second ?? first, path)
  else if (hasRoot || body.some(({ words }) => serving.test(words[0] ?? ''))) {
    // Where nginx has to be asked for everything, its smaller places need no route of their own.
    if (path === '/' || !hasRoot) serveItself(reader, each, path)
  }
  for (const inner of body)
    if (inner.words[0] === 'return' && !pass) readReturn(reader, inner)
    else if (
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
    return leave(
      reader,
      pass,
      `${title} → ${address}`,
      'it changes the path; Zarpe passes paths on as they are',
    )
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
  { file, reading, domains }: Reader,
  each: Directive,
  path: string,
  to: { service: string; port: number },
) => {
  for (const domain of domains)
    reading.ways.push({ domain, path, ...to, place: { file, line: each.line, column: 1 } })
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
    const place = { file: reader.file, line: each.line, column: 1 }
    reader.reading.headers.push({ name: first, value: second, place })
  } else if (!isQuiet(each))
    leave(reader, each, each.words.join(' '), 'the edge has nothing of the kind')
}
