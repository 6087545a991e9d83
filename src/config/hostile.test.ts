import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { serviceProblems } from '../app/services.ts'
import { translateService } from '../compose/translate.ts'
import { checkConfig } from './check.ts'
import { locate } from './places.ts'

// What passes the checks may become part of a name, a path, an address or a program's argument. So
// whatever is in a file, only plain names pass.

const hostile = fc
  .array(
    fc.constantFrom(
      ...[
        '$(touch /tmp/canary)',
        '`touch /tmp/canary`',
        '; touch /tmp/canary',
        '| sh',
        '&&',
        '-o',
        '--',
        '-',
      ],
      ...[
        '../',
        '..',
        '/',
        '\\',
        "'",
        '"',
        '\n',
        '\r',
        '\0',
        '\t',
        ' ',
        '%',
        '{',
        '}',
        '*',
        '?',
        '~',
        '#',
        '!',
        '@',
      ],
      ...[
        'a',
        'web',
        '1',
        '.',
        ':',
        ':80',
        '_',
        'example',
        'ü',
        '\u202e',
        '\u0000',
        'ａ',
        '.example',
        '${X}',
      ],
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((parts) => parts.join(''))

const settings = { numRuns: 500 }
const config = (change: (file: Record<string, unknown>) => void) => {
  const file = {
    app: 'shop',
    servers: { main: 'deploy@vps.example' },
    environments: {
      production: { servers: ['main'], routes: { 'shop.example': { '/': 'web:80' } } },
    },
  }
  change(file)
  return checkConfig(locate('zarpe.yml', JSON.stringify(file))).config
}

describe('a hostile name passes no check', () => {
  it('of an app, an environment, a server, its address', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const app = config((file) => (file['app'] = text))
        if (app) expect(text).toMatch(/^[a-z][a-z0-9-]*$/)
        const environment = config(
          (file) => (file['environments'] = { [text]: { servers: ['main'] } }),
        )
        if (environment) expect(text).toMatch(/^[a-z][a-z0-9-]*$/)
        const server = config((file) => {
          file['servers'] = { [text]: 'deploy@vps.example' }
          file['environments'] = { production: { servers: [text] } }
        })
        if (server) expect(text).toMatch(/^[a-z][a-z0-9-]*$/)
        const address = config((file) => (file['servers'] = { main: text }))
        if (address) expect(text).toMatch(/^([A-Za-z_][\w.-]*@)?[A-Za-z0-9][\w.-]*(:\d+)?$/)
      }),
      settings,
    )
  })

  it('of a domain, a path, an upstream', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const routes = (value: unknown) =>
          config(
            (file) => (file['environments'] = { production: { servers: ['main'], routes: value } }),
          )
        if (routes({ [text]: { '/': 'web:80' } })) expect(text).toMatch(/^[a-z0-9.-]+$/)
        if (routes({ 'shop.example': { [text]: 'web:80' } })) expect(text).toMatch(/^\/[\w.~/-]*$/)
        if (routes({ 'shop.example': { '/': text } }))
          expect(text).toMatch(/^[A-Za-z0-9][\w.-]*:\d+$/)
      }),
      settings,
    )
  })

  it('of a service or an image', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const problems = (name: string, image: string) =>
          serviceProblems(
            'shop-production',
            translateService('shop-production', { services: { [name]: { image } } }, name, {
              drainMs: 0,
              stateful: null,
            }),
            [],
          )
        if (problems(text, 'web:1').length === 0) expect(text).toMatch(/^[A-Za-z0-9][\w-]*$/)
        if (problems('web', text).length === 0) {
          expect(text).toMatch(/^[a-z0-9][\w./:@-]*$/)
          expect(text).not.toContain('..')
        }
      }),
      settings,
    )
  })
})
