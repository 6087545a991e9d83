import type { Directive } from '../model.ts'
import { isUsualInclude } from './quiet.ts'

// What keeps somebody out of a scope of nginx and of all within it, or has a service asked for another
// path than the visitor did.

/** What asks who somebody is or where from; `off` asks nothing. */
const asking =
  /^(auth_(?!basic_user_file|delay|request_set)\w+|deny|ssl_verify_client|modsecurity|internal|secure_link|limit_except|\w*_by_lua\w*)$/

/** The directive for which nothing of a scope can be opened to everybody; undefined if there is none. */
export const guardOf = (body: Directive[], level: 'http' | 'server'): Directive | undefined =>
  body.find((each) => {
    const [name = '', first = ''] = each.words
    if (name === 'include') return !isUsualInclude(first, level)
    return name === 'if' ? sendsAway(each) : asking.test(name) && first !== 'off'
  })

/** Whether it is surely a guard: of what is included nobody knows. */
export const isKnownGuard = ({ words }: Directive): boolean => words[0] !== 'include'

/** Names and protocols decide which site is meant, paths which page of it, and not who may see it. */
const ofSite = /^\$(host|http_host|server_name|server_port|scheme|https|http_x_forwarded_proto)$/
const ofPage = /^\$(request_uri|uri|document_uri)$/

const sendsAway = ({ words, block }: Directive): boolean => {
  const asked = words
    .slice(1)
    .flatMap((word) => word.match(/\$\{?\w+\}?/g) ?? [])
    .map((each) => each.replaceAll(/[{}]/g, ''))
  const isOf = (...kinds: RegExp[]) =>
    asked.length > 0 && asked.every((each) => kinds.some((kind) => kind.test(each)))
  if (isOf(ofSite)) return false
  return (block ?? []).some((each) => {
    const [name, first = ''] = each.words
    if (guardOf([each], 'server')) return true
    const redirects = name === 'rewrite' ? isRedirect(each) : !/^[245]\d\d$/.test(first)
    if (redirects && isOf(ofSite, ofPage)) return false
    return name === 'rewrite' ? redirects : name === 'return' && !/^2\d\d$/.test(first)
  })
}

/** The rewrite of a scope after which a service is asked for another path. */
export const pathChangeOf = (body: Directive[]): Directive | undefined =>
  body
    .flatMap((each) => (each.words[0] === 'if' ? (each.block ?? []) : [each]))
    .find((each) => each.words[0] === 'rewrite' && !isRedirect(each))

const isRedirect = ({ words }: Directive) =>
  /^(permanent|redirect)$/.test(words[3] ?? '') || /^(https?:|\$scheme)/.test(words[2] ?? '')
