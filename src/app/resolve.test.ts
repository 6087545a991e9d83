import { describe, expect, it } from 'vitest'
import { locate } from '../config/places.ts'
import type { ComposeProject } from '../compose/model.ts'
import { Problems } from '../problem/problem.ts'
import { configOf, resolveApp } from './resolve.ts'

const yaml = `app: shop
servers: { main: deploy@vps.example }
environments:
  production:
    servers: [main]
    routes:
      shop.example: { /: web:3000, /api: api:8000 }
release:
  migrate: { service: api, command: alembic  upgrade head }
  healthy_within: 90s
services:
  web: { drain: 5s }
`
const compose: ComposeProject = {
  services: {
    web: { image: 'web:1', depends_on: { api: { condition: 'service_healthy' } } },
    api: { image: 'api:1', depends_on: { db: { condition: 'service_healthy' } } },
    db: { image: 'postgres:17', volumes: [{ type: 'volume', source: 'data', target: '/data' }] },
    admin: { image: 'admin:1' },
  },
  volumes: { data: {} },
}

const resolve = (text = yaml, project = compose) => {
  const located = locate('zarpe.yml', text)
  return resolveApp(located, configOf(located), 'production', project, [], {
    acmeRoot: null,
    maintenancePage: null,
  })
}

const told = (act: () => unknown) => {
  try {
    act()
    return []
  } catch (thrown) {
    return (thrown as Problems).list.map(
      ({ code, place }) => `${code} ${place?.line}:${place?.column}`,
    )
  }
}

describe('resolveApp', () => {
  it('joins zarpe.yml with the Compose project', () => {
    const app = resolve()
    expect(app).toMatchObject({
      name: 'shop',
      project: 'shop-production',
      servers: [{ name: 'main', target: 'deploy@vps.example' }],
      routes: [
        { domain: 'shop.example', path: '/', service: 'web', port: 3000 },
        { domain: 'shop.example', path: '/api', service: 'api', port: 8000 },
      ],
      migrate: { service: 'api', command: ['alembic', 'upgrade', 'head'], limitMs: 600_000 },
      release: { healthyWithinMs: 90_000, watchMs: 6_000, keep: 5 },
      edge: {},
    })
    expect(app.services.find(({ name }) => name === 'web')?.container.drainMs).toBe(5_000)
  })

  it('takes a path that ends with / for the path itself, and two that are one for a mistake', () => {
    const pathsOf = (text: string) => resolve(text).routes.map(({ path }) => path)
    expect(pathsOf(yaml.replace('/api:', '/api//:'))).toEqual(['/', '/api'])
    const twins = yaml.replace('/api: api:8000', '/api/: api:8000, //: web:1, /api: web:3000')
    expect(told(() => resolve(twins))).toEqual(['config/same-path 7:53', 'config/same-path 7:64'])
  })

  it('starts services after those they need', () => {
    const names = resolve().services.map(({ name }) => name)
    expect(names).toEqual(['admin', 'db', 'api', 'web'])
  })

  it('tells every mistake at once, with its place', () => {
    const text = yaml
      .replace('web:3000', 'wbe:3000')
      .replace('api:8000', 'api:0')
      .replace('service: api', 'service: toString')
      .replace('web: { drain', 'constructor: { drain')
    expect(told(() => resolve(text))).toEqual([
      'config/unknown-service 7:26',
      'config/bad-port 7:42',
      'config/unknown-service 12:3',
      'config/unknown-service 9:23',
    ])
  })

  it('lists the mistakes of zarpe.yml alone', () => {
    expect(told(() => configOf(locate('zarpe.yml', 'app: 3\nservers: {}\n')))).toEqual([
      'config/invalid 1:1',
      'config/invalid 1:6',
    ])
  })
})
