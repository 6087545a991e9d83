// The rules of Traefik's routers: Host(`a`) && (PathPrefix(`/x`) || PathPrefix(`/y`)).

/** Domains and paths that together are one way in; null stands for any. */
export type Match = { domain: string | null; path: string | null }

/** The ways that a rule opens, or the part of it that is no host and no prefix. */
export const matchesOf = (rule: string): Match[] | { odd: string } => {
  const v1 = /^(Host|PathPrefix|Path)\s*:/.test(rule)
  const tokens = Array.from(
    (v1 ? fromV1(rule) : rule).matchAll(
      /\s*(&&|\|\||[()!]|[A-Za-z]+\((?:[^()`'"]|`[^`]*`|"[^"]*"|'[^']*')*\))/g,
    ),
    (match) => match[1]!,
  )
  let at = 0
  let odd = ''
  const either = (): Match[] => {
    const found = both()
    while (tokens[at] === '||') {
      at += 1
      found.push(...both())
    }
    return found
  }
  const both = (): Match[] => {
    let found = one()
    while (tokens[at] === '&&') {
      at += 1
      const right = one()
      found = found.flatMap((left) =>
        right.map((each) => ({
          domain: left.domain ?? each.domain,
          path: left.path ?? each.path,
        })),
      )
    }
    return found
  }
  const one = (): Match[] => {
    const token = tokens[at++]
    if (token === '(') {
      const inner = either()
      at += 1
      return inner
    }
    const [, name = '', list = ''] = /^([A-Za-z]+)\((.*)\)$/s.exec(token ?? '') ?? []
    const texts = Array.from(list.matchAll(/[`'"]([^`'"]*)[`'"]/g), (match) => match[1]!)
    if (name === 'Host')
      return texts.map((domain) => ({ domain: domain.toLowerCase(), path: null }))
    if (name === 'PathPrefix' || name === 'Path')
      return texts.map((path) => ({ domain: null, path }))
    odd ||= token ?? rule
    return []
  }
  const found = either()
  if (odd !== '' || at < tokens.length || found.length === 0) return { odd: odd || rule }
  return found
}

/** `Host:a.example,b.example;PathPrefix:/api` of the first version. */
const fromV1 = (rule: string): string =>
  rule
    .split(';')
    .map((part) => {
      const [name = '', list = ''] = part.split(/:(.*)/s)
      return `${name.trim()}(${list
        .split(',')
        .map((each) => `\`${each.trim()}\``)
        .join(', ')})`
    })
    .join(' && ')
