import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Context } from '../../cli/context.ts'
import { serverNamed } from './server-named.load.ts'

describe('the server that is meant', () => {
  const folder = mkdtempSync(join(tmpdir(), 'zarpe-named-'))
  const context = (server?: string) =>
    ({ folder, options: server === undefined ? {} : { server } }) as unknown as Context
  beforeAll(() =>
    writeFileSync(
      join(folder, 'zarpe.yml'),
      'app: shop\nservers: { main: deploy@vps.example }\nenvironments: { production: { servers: [main] } }\n',
    ),
  )
  afterAll(() => rmSync(folder, { recursive: true }))

  it.each([
    ['root@practice', 'deploy@practice', 'root@practice'],
    ['main', 'deploy@practice', 'deploy@vps.example'],
    ['practice', undefined, 'practice'],
    [undefined, 'deploy@practice', 'deploy@practice'],
    [undefined, undefined, 'deploy@vps.example'],
  ])('%s, with %s as the option, is %s', async (named, option, meant) => {
    expect(await serverNamed(context(option), named)).toBe(meant)
  })
})
