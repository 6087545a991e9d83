import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ComposeProject } from './model.ts'
import { translateService } from './translate.ts'

// The fixture is what `docker compose config --format json` printed (2.26.1), its doubled dollar
// signs undone as src/compose/load.ts does.
const compose = JSON.parse(
  readFileSync(
    new URL('../../test/fixtures/compose-config.json', import.meta.url),
    'utf8',
  ).replaceAll('$$', () => '$'),
) as ComposeProject

const translate = (name: string, stateful: boolean | null = null) =>
  translateService('shop-production', compose, name, { drainMs: 0, stateful })

describe('translateService', () => {
  it('carries all that it honours of a service that is built', () => {
    expect(translate('web', false)).toMatchSnapshot()
  })

  it('carries a database: stateful by its volume, stop-first, not checked', () => {
    const { image, stateful, order, container } = translate('db')
    expect(image).toEqual({ from: 'registry', reference: 'postgres:17', platform: null })
    expect({ stateful, order }).toEqual({ stateful: true, order: 'stop-first' })
    expect(container).toMatchObject({
      healthcheck: { Test: ['NONE'] },
      restart: 'on-failure',
      limits: { memoryBytes: 1_073_741_824, nanoCpus: 1_500_000_000, pids: 10 },
      reservations: { memoryBytes: 536_870_912, nanoCpus: null },
    })
    expect(container.mounts).toEqual([
      { Type: 'volume', Source: 'shop-production_data', Target: '/var/lib/postgresql/data' },
      { Type: 'volume', Source: 'everybody', Target: '/shared' },
      { Type: 'tmpfs', Target: '/dev/shm', TmpfsOptions: { SizeBytes: 67_108_864 } },
    ])
  })

  it('carries mounts in memory with their rights, also one that can only be read', () => {
    const volume = {
      type: 'tmpfs' as const,
      target: '/a',
      read_only: true,
      tmpfs: { size: 1024, mode: 0o700 },
    }
    const web = { tmpfs: ['/b', '/c:size=2k,mode=0750,ro'], volumes: [volume] }
    const own = { drainMs: 0, stateful: null }
    expect(translateService('x', { services: { web } }, 'web', own).container.mounts).toEqual([
      {
        Type: 'tmpfs',
        Target: '/a',
        ReadOnly: true,
        TmpfsOptions: { SizeBytes: 1024, Mode: 0o700 },
      },
      { Type: 'tmpfs', Target: '/b' },
      {
        Type: 'tmpfs',
        Target: '/c',
        ReadOnly: true,
        TmpfsOptions: { SizeBytes: 2048, Mode: 0o750 },
      },
    ])
  })

  it('lets zarpe.yml say that a service with a volume is not stateful', () => {
    expect(translate('db', false).stateful).toBe(false)
  })
})
