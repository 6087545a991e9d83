import { describe, expect, it } from 'vitest'
import type { Way } from './model.ts'
import { adoptedRoutes } from './routes.ts'

const way = (domain: string | null, service: string, line: number): Way => ({
  ...{ domain, path: '/', service, port: 80 },
  place: { file: 'Caddyfile', line, column: 1 },
})

describe('adoptedRoutes', () => {
  it('tells what is left of a site without a name beside those that have one', () => {
    const { routes, left } = adoptedRoutes(
      [way('a.example', 'web', 1), way(null, 'web', 1), way(null, 'admin', 5)],
      'shop.example',
    )
    expect(routes).toEqual([
      { domain: 'a.example', path: '/', upstream: 'web:80', from: ['Caddyfile:1'] },
    ])
    expect(left.map(({ what, place }) => `${place.line} ${what}`)).toEqual([
      '5 any name/ → admin:80',
    ])
  })

  it('gives the only site a name that is to be replaced', () => {
    const { routes, left } = adoptedRoutes([way(null, 'web', 1)], 'shop.example')
    expect(routes.map(({ domain }) => domain)).toEqual(['shop.example'])
    expect(left).toEqual([])
  })
})
