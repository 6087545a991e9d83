import { describe, expect, it } from 'vitest'
import { checkConfig } from './check.ts'
import { initialConfig } from './init.render.ts'
import { locate } from './places.ts'

describe('initialConfig', () => {
  it.each([
    [
      {
        app: 'shop',
        compose: ['compose.yml'],
        services: [{ name: 'web', port: 3000 }],
        environmentFiles: [],
        adopted: null,
      },
    ],
    [
      {
        app: 'app',
        compose: ['docker-compose.yaml'],
        services: [],
        environmentFiles: ['.env.production'],
        adopted: null,
      },
    ],
    [
      {
        app: 'a-b',
        compose: ['compose.yml'],
        services: [{ name: 'worker', port: null }],
        environmentFiles: [],
        adopted: null,
      },
    ],
  ])('is a file that the check accepts: %j', (found) => {
    const { config, problems } = checkConfig(locate('zarpe.yml', initialConfig(found)))
    expect(problems).toEqual([])
    expect(config).toMatchObject({ app: found.app, compose: found.compose[0] })
  })

  it('suggests headers that the check accepts once their signs of a comment are gone', () => {
    const found = {
      app: 'shop',
      compose: ['compose.yml'],
      services: [{ name: 'web', port: 3000 }],
      environmentFiles: [],
      adopted: null,
    }
    const text = initialConfig(found).replace(/^# (edge:|  headers:|    Content)/gm, '$1')
    const { config, problems } = checkConfig(locate('zarpe.yml', text))
    expect(problems).toEqual([])
    expect(Object.keys(config!.edge.headers)).toEqual(['Content-Security-Policy'])
  })
})
