import { describe, expect, it } from 'vitest'
import { mountsIn, onThisMachine } from './mounts.ts'

const container = mountsIn(
  [
    '812 700 0:52 / / rw,relatime - overlay overlay rw,lowerdir=/l',
    '830 812 0:61 /k3sdf /run/secrets/database_password ro,relatime - tmpfs tmpfs ro',
    '831 812 0:61 /a\\040b /etc/tls/a\\040b.pem ro,relatime shared:1 master:2 - tmpfs tmpfs ro',
    'no line of a mountinfo',
  ].join('\n'),
)

const machine = mountsIn(
  [
    '26 1 254:1 / / rw - ext4 /dev/vda1 rw',
    '90 26 0:60 / /var/lib/docker/containers/other/mounts/secrets rw - tmpfs tmpfs rw',
    '91 26 0:61 / /var/lib/docker/containers/one\\040two/mounts/secrets rw - tmpfs tmpfs rw',
  ].join('\n'),
)

describe('mounts', () => {
  it('are read with their escapes', () => {
    expect(container).toHaveLength(3)
    expect(container[2]).toEqual({
      device: '0:61',
      root: '/a b',
      target: '/etc/tls/a b.pem',
      kind: 'tmpfs',
    })
  })

  it('of a container are found on the machine by their file system', () => {
    expect(onThisMachine('/run/secrets/database_password', container, machine)).toBe(
      '/var/lib/docker/containers/one two/mounts/secrets/k3sdf',
    )
  })

  it('that are none, or are mounted nowhere else, are not guessed', () => {
    expect(onThisMachine('/run/secrets', container, machine)).toBeUndefined()
    expect(onThisMachine('/run/secrets/database_password', container, [])).toBeUndefined()
    expect(onThisMachine('/', container, machine)).toBeUndefined()
  })
})
