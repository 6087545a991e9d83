import { expect, it } from 'vitest'
import { mountCovering } from './mounts.ts'

const volume = (Source: string, Target: string) => ({ Type: 'volume', Source, Target })

it('finds the volume that holds a data folder, and where in it that is', () => {
  const data = '/var/lib/postgresql/data'
  expect(mountCovering([volume('a', data)], data)).toEqual({ volume: 'a', below: '' })
  expect(mountCovering([volume('a', `${data}/`)], data)).toEqual({ volume: 'a', below: '' })
  const outer = volume('b', '/var/lib/postgresql')
  expect(mountCovering([outer], '/var/lib/postgresql/18/docker')).toEqual({
    volume: 'b',
    below: '18/docker',
  })
  expect(mountCovering([outer, volume('a', data)], data)).toEqual({ volume: 'a', below: '' })
})

it('finds none where the data is in a folder of the machine, or gone with the container', () => {
  expect(mountCovering([], '/data')).toBe(null)
  expect(mountCovering([volume('a', '/data2')], '/data')).toBe(null)
  expect(mountCovering([{ Type: 'bind', Source: '/srv', Target: '/data' }], '/data')).toBe(null)
})
