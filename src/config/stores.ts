import type { ProblemData } from '../problem/problem.ts'
import type { Located } from './places.ts'
import type { Config } from './schema.ts'

type StoreConfig = Config['stores'][string]

/** Where a store is, as its address says. */
export type StoreAddress =
  | { kind: 'local'; folder: string }
  | { kind: 'sftp'; user: string; host: string; port: number; folder: string }
  | { kind: 's3'; bucket: string; prefix: string }

/** The keys that go with each kind of address, and those of them that it cannot do without. */
const keysOf: Record<StoreAddress['kind'], { all: Key[]; needed: Key[] }> = {
  local: { all: ['rate'], needed: [] },
  sftp: { all: ['password', 'key', 'host_key', 'rate'], needed: [] },
  s3: {
    all: ['endpoint', 'region', 'access_key', 'secret_key', 'rate'],
    needed: ['endpoint', 'region', 'access_key', 'secret_key'],
  },
}

type Key = Exclude<keyof StoreConfig, 'url'>

const path = /^(\/[A-Za-z0-9._-]+)*\/?$/

/** The parts of a store's address, or what is wrong with it in words. */
export const parseStoreUrl = (text: string): StoreAddress | string => {
  const [, scheme = '', rest = ''] = /^([a-z0-9]+):\/\/(.*)$/s.exec(text) ?? []
  if (scheme === 'file') return fileAddress(rest)
  if (scheme === 'sftp') return sftpAddress(rest)
  if (scheme === 's3') return s3Address(rest)
  return 'must begin with sftp://, s3:// or file:///'
}

const fileAddress = (rest: string): StoreAddress | string => {
  const folder = rest.replace(/\/+$/, '')
  if (!path.test(folder) || folder === '' || hasDots(folder))
    return 'must be file:///folder, with the whole path of a folder on the server'
  return { kind: 'local', folder }
}

const sftpAddress = (rest: string): StoreAddress | string => {
  const match =
    /^(?<user>[A-Za-z0-9_][A-Za-z0-9._-]*)@(?<host>\[[0-9A-Fa-f:]+\]|[A-Za-z0-9.-]+)(:(?<port>\d{1,5}))?(?<path>\/.*)?$/.exec(
      rest,
    )
  if (/^[^@/]*:[^@/]*@/.test(rest))
    return 'must not hold a password; `password` names the variable that does'
  if (!match?.groups) return 'must be sftp://user@host:port/folder'
  const { user = '', host = '', port = '22', path: whole = '' } = match.groups
  // One slash divides; a second one says that the folder is counted from the root.
  const folder = whole.slice(1).replace(/\/+$/, '')
  if (!path.test(folder.startsWith('/') ? folder : `/${folder}`) || hasDots(folder))
    return 'must have a folder of letters, digits and . _ - after the host'
  if (Number(port) < 1 || Number(port) > 65_535) return 'must have a port from 1 to 65535'
  return { kind: 'sftp', user, host: host.replace(/^\[|\]$/g, ''), port: Number(port), folder }
}

const s3Address = (rest: string): StoreAddress | string => {
  const [bucket = '', ...words] = rest.split('/')
  const prefix = words.join('/').replace(/\/+$/, '')
  if (
    !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket) ||
    !path.test(`/${prefix}`) ||
    hasDots(prefix)
  )
    return 'must be s3://bucket/prefix'
  return { kind: 's3', bucket, prefix }
}

const hasDots = (text: string) => text.split('/').some((word) => word === '.' || word === '..')

/** Everything about stores that is wrong, whatever the values are. */
export const storeProblems = (located: Located, config: Config): ProblemData[] =>
  Object.entries(config.stores).flatMap(([name, store]) => {
    if (name === 'local') return [reserved(located)]
    const address = parseStoreUrl(store.url)
    if (typeof address === 'string') return [badUrl(located, name, address)]
    return [
      ...strangers(located, name, store, address),
      ...missing(located, name, store, address),
      ...(address.kind === 'sftp' ? sftpProblems(located, name, store, address) : []),
    ]
  })

const reserved = (located: Located): ProblemData => ({
  code: 'config/reserved-store',
  summary: 'A store has a name that is taken.',
  detail: '`local` is the store on the server itself; it is always there.',
  place: located.placeOf(['stores', 'local'], 'key'),
  fix: ['Give this one another name.'],
})

const badUrl = (located: Located, name: string, why: string): ProblemData => ({
  code: 'config/bad-store',
  summary: 'The address of a store is not usable.',
  detail: `\`stores.${name}.url\` ${why}.`,
  place: located.placeOf(['stores', name, 'url']),
  fix: [
    'sftp://u000000@box.example:23/backups/shop',
    's3://shop-backups/production',
    'file:///mnt/backups/shop',
  ],
})

/** A key that has no effect is a mistake: somebody expects one of it. */
const strangers = (located: Located, name: string, store: StoreConfig, { kind }: StoreAddress) =>
  (Object.keys(store) as (keyof StoreConfig)[]).flatMap((key): ProblemData[] => {
    if (key === 'url' || store[key] === undefined || keysOf[kind].all.includes(key)) return []
    return [
      {
        code: 'config/store-key',
        summary: 'A store has a key that does not go with its address.',
        detail: `\`stores.${name}.${key}\` has no effect for ${schemeOf[kind]}.`,
        place: located.placeOf(['stores', name, key], 'key'),
        fix: [`Remove \`${key}\`, or correct \`url\`.`],
      },
    ]
  })

const schemeOf = { local: 'file://', sftp: 'sftp://', s3: 's3://' }

const missing = (located: Located, name: string, store: StoreConfig, { kind }: StoreAddress) =>
  keysOf[kind].needed.flatMap((key) =>
    store[key] === undefined ? [lacks(located, name, key, [`Add \`${key}\`.`])] : [],
  )

const lacks = (located: Located, name: string, key: string, fix: string[]): ProblemData => ({
  code: 'config/incomplete-store',
  summary: 'A store lacks something that it cannot be reached without.',
  detail: `\`stores.${name}\` has no \`${key}\`.`,
  place: located.placeOf(['stores', name], 'key'),
  fix: [...fix, 'See docs/guide/stores.md.'],
})

const sftpProblems = (
  located: Located,
  name: string,
  store: StoreConfig,
  { host, port }: Extract<StoreAddress, { kind: 'sftp' }>,
): ProblemData[] => {
  const scan = [
    `ssh-keyscan -t ed25519 -p ${port} ${host}    # prints "[${host}]:${port} ssh-ed25519 AAAA…"`,
    'Compare its fingerprint with the one your hoster publishes (pipe the line into ssh-keygen -lf -).',
    `Then write into zarpe.yml: stores: { ${name}: { host_key: "ssh-ed25519 AAAA…" } }`,
  ]
  const both = store.password !== undefined && store.key !== undefined
  const logins = both || (store.password === undefined && store.key === undefined)
  return [
    ...(store.host_key === undefined ? [lacks(located, name, 'host_key', scan)] : []),
    ...(logins ? [oneLogin(located, name, both)] : []),
  ]
}

const oneLogin = (located: Located, name: string, both: boolean): ProblemData => ({
  code: 'config/store-login',
  summary: 'A store needs one way to log in.',
  detail: `\`stores.${name}\` has ${both ? 'both' : 'neither'} \`password\` ${both ? 'and' : 'nor'} \`key\`.`,
  place: located.placeOf(['stores', name], 'key'),
  fix: [
    `password: ${variableFor(name, 'PASSWORD')}    # the name of a variable of the environment`,
    `key: ${variableFor(name, 'KEY')}    # for servers that take keys`,
  ],
})

const variableFor = (name: string, what: string) =>
  `${name.toUpperCase().replaceAll('-', '_')}_${what}`
