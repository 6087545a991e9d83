import { describe, expect, it } from 'vitest'
import type { ServiceSpec } from '../../io/engine/types.ts'
import { driftOf } from './drift.ts'

const asked: ServiceSpec = {
  Name: 'shop_web-r1',
  Labels: { 'zarpe.hash': 'a' },
  TaskTemplate: {
    ContainerSpec: {
      Image: 'web@sha256:1',
      Env: ['PASSWORD=hunter2', 'PORT=80'],
      ReadOnly: false,
      Mounts: [],
    },
    Networks: [{ Target: 'shop', Aliases: ['web'] }],
  },
  Mode: { Replicated: { Replicas: 2 } },
}
const changed = (change: (spec: ServiceSpec) => void) => {
  const present = structuredClone(asked)
  change(present)
  return driftOf(asked, present)
}

describe('driftOf', () => {
  it('takes what the engine adds or leaves out for no change', () => {
    expect(
      changed((spec) => {
        const { ContainerSpec } = spec.TaskTemplate
        delete ContainerSpec.ReadOnly
        delete ContainerSpec.Mounts
        Object.assign(ContainerSpec, { Isolation: 'default', DNSConfig: {} })
        spec.TaskTemplate.Networks![0]!.Target = 'k2j3h4k2j3h4'
        spec.TaskTemplate.ForceUpdate = 1
        spec.Mode = { Replicated: { Replicas: 5 } }
      }),
    ).toEqual([])
  })

  it('names the path of a change and never a value', () => {
    const paths = changed((spec) => {
      spec.TaskTemplate.ContainerSpec.Env![0] = 'PASSWORD=other'
      spec.TaskTemplate.ContainerSpec.Image = 'web@sha256:2'
    })
    expect(paths).toEqual(['TaskTemplate.ContainerSpec.Image', 'TaskTemplate.ContainerSpec.Env.0'])
    expect(JSON.stringify(paths)).not.toMatch(/hunter2|other/)
  })

  it('names a list to which something was added or from which it was taken', () => {
    expect(changed((spec) => void spec.TaskTemplate.ContainerSpec.Env!.push('MEDDLED=1'))).toEqual([
      'TaskTemplate.ContainerSpec.Env',
    ])
    expect(changed((spec) => delete spec.TaskTemplate.Networks)).toEqual(['TaskTemplate.Networks'])
    expect(
      changed(
        (spec) => void (spec.TaskTemplate.ContainerSpec.Mounts = [{ Type: 'bind', Target: '/' }]),
      ),
    ).toEqual(['TaskTemplate.ContainerSpec.Mounts'])
  })
})
