import type { Directive } from '../model.ts'
import { isHarmless, isPlain, type Matchers } from './matchers.ts'

// What in a block keeps somebody out, or has a service asked for another path than the visitor did. Caddy
// sorts directives by their kind, so that a guard holds for all of its block wherever it stands in it.

/** What comes with Caddy and keeps nobody out; any other directive is an import or of a plugin, which may. */
const harmless = new RegExp(
  [
    '^(encode|log|log_append|log_skip|log_name|skip_log|tls|bind|vars|intercept|fs|map|method|metrics|push',
    'request_body|request_header|tracing|templates|root|file_server|php_fastcgi|try_files|acme_server',
    'handle|handle_path|handle_errors|route|reverse_proxy|header|redir|respond|rewrite|uri)$',
  ].join('|'),
)
const asking = /^(basic_?auth|forward_auth|abort|error)$/
const ends = /^(reverse_proxy|respond|redir|file_server|php_fastcgi|abort|error|handle)$/

/** The directive for which nothing of a block can be opened to everybody; undefined if there is none. */
export const guardOf = (body: Directive[], matchers: Matchers): Directive | undefined => {
  for (const each of body) {
    const [name = '', first] = each.words
    if (name === '' || name.startsWith('@')) continue
    if (isGuard(each, matchers)) return each
    if (name !== 'handle' && name !== 'route') continue
    const guard = guardOf(each.block ?? [], matchers)
    // A part is by itself, if all requests end in it and a path alone leads there.
    const isApart = (each.block ?? []).some(
      ({ words }) => ends.test(words[0] ?? '') && !/^[@/]/.test(words[1] ?? ''),
    )
    if (guard && !(isApart && isPlain(first, matchers))) return guard
  }
  return undefined
}

/** Whether it is surely a guard: of an import or a plugin nobody knows. */
export const isKnownGuard = ({ words: [name = ''] }: Directive): boolean =>
  asking.test(name) || harmless.test(name)

const isGuard = (each: Directive, matchers: Matchers): boolean => {
  const [name = '', ...rest] = each.words
  const inner = (each.block ?? []).map(({ words }) => words[0] ?? '')
  if (!harmless.test(name)) return true
  // Certificates of clients.
  if (name === 'tls') return inner.some((word) => /^(client_auth|import)$/.test(word))
  if (name === 'bind') return !rest.every((host) => /^(0\.0\.0\.0|\[?::\]?)$/.test(host))
  // As `forward_auth` is when written out: the answer decides whether anybody else is asked.
  if (name === 'reverse_proxy') return inner.some((word) => /^(handle_response|import)$/.test(word))
  if (name === 'redir') return !isHarmless(rest[0], matchers)
  if (name !== 'respond') return false
  const told = [...rest, ...(each.block ?? []).flatMap(({ words }) => words)]
  return told.some((word) => /^[45]\d\d$/.test(word) || word.startsWith('{'))
}

/** The directive of a block that changes the path of requests before a service is asked. */
export const pathChangeOf = (body: Directive[]): Directive | undefined =>
  body.find(({ words }) => /^(rewrite|uri)$/.test(words[0] ?? ''))

/** Whether a directive stands in a block, however deep. */
export const hasDirective = (body: Directive[], name: RegExp): boolean =>
  body.some(({ words, block }) => name.test(words[0] ?? '') || hasDirective(block ?? [], name))
