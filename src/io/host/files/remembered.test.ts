import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { join } from 'node:path'
import { root } from '../../../../scripts/bundle.ts'

// A disk that is full, in a mount namespace of its own, where /run and the disk are memory.

const script = `
  const { forget, recall, recallNames, remember } = await import('${join(root, 'src/io/host/files/remembered.ts')}')
  const { execFileSync } = await import('node:child_process')
  const path = '/mnt/state/a b.json'
  const told = []
  const tell = async () => told.push([await recall(path), await recallNames('/mnt/state')])
  await tell()
  await remember(path, 'on the disk')
  await tell()
  execFileSync('sh', ['-c', 'dd if=/dev/zero of=/mnt/fill bs=4k 2>/dev/null || true'])
  await remember(path, 'x'.repeat(9000))
  await remember('/mnt/state/new.json', 'first')
  told.push([(await recall(path)).length, (await recallNames('/mnt/state')).toSorted()])
  execFileSync('rm', ['/mnt/fill'])
  await remember(path, 'on the disk again')
  await tell()
  await forget(path)
  await forget('/mnt/state/new.json')
  await tell()
  console.log(JSON.stringify(told))
`

describe('what is remembered', () => {
  it.skipIf(process.getuid?.() !== 0)(
    'is known although the disk is full, also what is new',
    () => {
      const prepare =
        'mount -t tmpfs tmpfs /run && mount -t tmpfs -o size=64k tmpfs /mnt && mkdir /mnt/state'
      const text = execFileSync(
        'unshare',
        [
          '--mount',
          'sh',
          '-ec',
          `${prepare} && exec "$0" --input-type=module -e "$1"`,
          process.execPath,
          script,
        ],
        { encoding: 'utf8' },
      )
      expect(JSON.parse(text)).toEqual([
        [null, []],
        ['on the disk', ['a b.json']],
        [9000, ['a b.json', 'new.json']],
        ['on the disk again', ['a b.json', 'new.json']],
        [null, []],
      ])
    },
  )
})
