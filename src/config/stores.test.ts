import { describe, expect, it } from 'vitest'
import { checkConfig } from './check.ts'
import { locate } from './places.ts'
import { parseStoreUrl } from './stores.ts'

describe('the address of a store', () => {
  it.each([
    [
      'sftp://u000000@box.example:23/backups/shop',
      { kind: 'sftp', user: 'u000000', host: 'box.example', port: 23, folder: 'backups/shop' },
    ],
    [
      'sftp://deploy@[2001:db8::7]//srv/backups/',
      { kind: 'sftp', user: 'deploy', host: '2001:db8::7', port: 22, folder: '/srv/backups' },
    ],
    [
      'sftp://u@box.example',
      { kind: 'sftp', user: 'u', host: 'box.example', port: 22, folder: '' },
    ],
    ['s3://shop-backups/a/b/', { kind: 's3', bucket: 'shop-backups', prefix: 'a/b' }],
    ['s3://shop-backups', { kind: 's3', bucket: 'shop-backups', prefix: '' }],
    ['file:///mnt/backups/shop/', { kind: 'local', folder: '/mnt/backups/shop' }],
  ])('%s', (text, address) => expect(parseStoreUrl(text)).toEqual(address))

  it.each([
    'box.example:/backups',
    'ftp://box.example/a',
    'sftp://box.example/a',
    'sftp://u:secret@box.example/a',
    'sftp://u@box.example/../a',
    'sftp://u@box.example/~/a',
    'sftp://u@box.example:0/a',
    'sftp://u@box.example:70000/a',
    'sftp://-o@box.example/a',
    'sftp://u@box.example/a b',
    's3://B/a',
    's3://bucket/../a',
    'file://mnt/backups',
    'file:///',
    'file:///a/../b',
    'file:///a\nb',
  ])('%j is none', (text) => expect(parseStoreUrl(text)).toBeTypeOf('string'))

  it('tells where a password belongs, without it', () => {
    const why = parseStoreUrl('sftp://u:hunter2@box.example/a')
    expect(why).toContain('`password` names the variable')
    expect(why).not.toContain('hunter2')
  })
})

const file = (stores: string) => `app: shop
servers: { main: deploy@vps.example }
environments: { production: { servers: [main] } }
stores:
${stores}
`

const key = '"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGR1bW15a2V5ZHVtbXlrZXlkdW1teWtleWR1bW15"'
const s3 = 'endpoint: "https://s3.example", region: eu, access_key: A'

const told = (stores: string) =>
  checkConfig(locate('zarpe.yml', file(stores))).problems.map(
    ({ code, place }) => `${code} ${place?.line}:${place?.column}`,
  )

describe('stores in zarpe.yml', () => {
  it.each([
    `  box: { url: "sftp://u@box.example:23/a", password: BOX_PASSWORD, host_key: ${key} }`,
    `  box: { url: "s3://bucket/a", ${s3}, secret_key: B }`,
    '  disk: { url: "file:///mnt/backups" }',
  ])('%s', (stores) => expect(told(stores)).toEqual([]))

  it.each([
    ['  local: { url: "file:///mnt/backups" }', 'config/reserved-store 5:3'],
    ['  box: { url: "ftp://box.example/a" }', 'config/bad-store 5:15'],
    ['  box: { url: "sftp://u@h.example/a", password: P }', 'config/incomplete-store 5:3'],
    [`  box: { url: "sftp://u@h.example/a", host_key: ${key} }`, 'config/store-login 5:3'],
    [
      `  box: { url: "sftp://u@h.example/a", host_key: ${key}, key: K, password: P }`,
      'config/store-login 5:3',
    ],
    [`  box: { url: "s3://bucket/a", ${s3} }`, 'config/incomplete-store 5:3'],
    [
      `  box: { url: "s3://bucket/a", ${s3}, secret_key: B, host_key: ${key} }`,
      'config/store-key 5:106',
    ],
    ['  disk: { url: "file:///mnt", password: P }', 'config/store-key 5:31'],
    ['  disk: { url: "file:///mnt", rate: "10k" }', 'config/invalid 5:37'],
    ['  box: { url: "sftp://u@h.example/a", password: P, host_key: AAAA }', 'config/invalid 5:62'],
    ['  box: { url: "sftp://u@h.example/a", password: "not a name" }', 'config/invalid 5:49'],
  ])('%s', (stores, problem) => expect(told(stores)).toEqual([problem]))

  it('tells how to find a host key, with the very command', () => {
    const stores = '  box: { url: "sftp://u@box.example:23/a", password: P }'
    const [problem] = checkConfig(locate('zarpe.yml', file(stores))).problems
    expect(problem?.fix[0]).toContain('ssh-keyscan -t ed25519 -p 23 box.example')
  })
})
