import { describe, expect, it } from 'vitest'
import { locate } from '../config/places.ts'
import { mergedProblems } from './merged.ts'
import type { ComposeService } from './model.ts'

const told = (service: ComposeService, text = '') =>
  mergedProblems({ services: { web: service, job: {} } }, [locate('compose.yml', text)]).map(
    ({ code, detail, place }) =>
      `${code} ${detail.split(':')[0]} ${place ? `${place.line}:${place.column}` : '-'}`,
  )

describe('mergedProblems', () => {
  it('finds nothing wrong with what Compose adds by itself', () => {
    expect(
      told({
        command: null,
        entrypoint: null,
        deploy: {},
        depends_on: { job: { condition: 'service_started' } },
      }),
    ).toEqual([])
  })

  it('finds refused keys that no file of the user has', () => {
    expect(told({ privileged: true } as ComposeService)).toEqual([
      'compose/not-honoured `services.web.privileged` -',
    ])
  })

  it('refuses options of a mount in memory that would be lost, and none that is kept', () => {
    const text = 'services:\n  web:\n    tmpfs:\n      - /a\n      - /b:uid=1000\n'
    const kept = ['/a', '/c:', '/d:rw,noexec,nosuid,nodev,size=64m,mode=1777', '/e:ro,size=65536']
    expect(told({ tmpfs: kept }, text)).toEqual([])
    for (const option of ['uid=1000', 'gid=1000', 'exec', 'size=50%', 'mode=u+x', 'huge=always']) {
      const [problem, ...more] = mergedProblems(
        { services: { web: { tmpfs: ['/a', `/b:size=1m,${option}`] } } },
        [locate('compose.yml', text)],
      )
      expect(more).toEqual([])
      expect(problem).toMatchObject({ code: 'compose/not-honoured', place: { line: 5, column: 9 } })
      expect(problem!.detail).toContain(`services.web.tmpfs.1`)
      expect(problem!.detail).toContain(`\`${option}\``)
      expect(problem!.fix.join()).toContain('Remove `tmpfs`')
    }
  })

  it('finds values that cannot be had, with the place', () => {
    const text =
      'services:\n  web:\n    deploy: { mode: global }\n    depends_on: { job: { condition: x } }\n'
    expect(
      told(
        {
          deploy: { mode: 'global' },
          entrypoint: [],
          depends_on: { job: { condition: 'service_completed_successfully' } },
          volumes: [{ type: 'image', target: '/x' }],
        },
        text,
      ),
    ).toEqual([
      'compose/not-honoured `services.web.deploy.mode` 3:21',
      'compose/not-honoured `services.web.entrypoint` 3:5',
      'compose/not-honoured `services.web.depends_on.job.condition` 4:37',
      'compose/not-honoured `services.web.volumes.0` 3:5',
    ])
  })
})
