import { createRequire } from 'node:module'
import vm from 'node:vm'
import { describe, expect, it } from 'vitest'
import type { MongodbContents } from '../../held.ts'
import { type Estimate, lostIn, mongodbDifferences } from './compare.ts'
import {
  dumpArgv,
  passwordFile,
  portIn,
  restoreArgv,
  rootLogin,
  serverArgv,
  shellArgv,
} from './connection.ts'
import { collectionIn, unmetIn } from './expect.ts'
import { answerMark, asked, type Question, questionVariable, script } from './questions.ts'

// There is no MongoDB that could be run here: what is sent to one is compared with what its documentation asks for.

const secret = `pa"ss\\word: 'x'\n#1`
const live = { host: 'docs', port: 27_018, user: 'root' }
const itself = { host: '127.0.0.1', port: 27_017, user: null }

describe('the programs of MongoDB', () => {
  it('are given the login by a file', () => {
    expect(dumpArgv(live, 'dump.archive', false)).toEqual([
      ...['mongodump', '--host=docs', '--port=27018'],
      ...['--config=/run/zarpe-password', '--username=root', '--authenticationDatabase=admin'],
      '--archive=/zarpe/dump.archive',
    ])
    expect(passwordFile(secret)).toBe(`password: "pa\\"ss\\\\word: 'x'\\n#1"\n`)
  })

  it('take a replica set at one moment', () => {
    expect(dumpArgv(itself, 'd', true)).toEqual([
      ...['mongodump', '--host=127.0.0.1', '--port=27017', '--archive=/zarpe/d', '--oplog'],
    ])
    expect(restoreArgv(itself, 'd', true).at(-1)).toBe('--oplogReplay')
    expect(restoreArgv(itself, 'd', false)).toEqual([
      ...['mongorestore', '--host=127.0.0.1', '--port=27017', '--archive=/zarpe/d'],
      ...['--nsExclude=config.*', '--stopOnError'],
    ])
  })

  it('lay files out as the live server does, and are no member of its set', () => {
    const args = ['mongod', '--replSet', 'rs0', '--directoryperdb', '--keyFile', '/k', '--auth']
    expect(serverArgv(args)).toEqual([
      ...['mongod', '--bind_ip', '127.0.0.1', '--dbpath', '/data/db', '--directoryperdb'],
    ])
    expect(shellArgv('q.js')).toEqual([
      ...['mongosh', '--norc', '--quiet', '--nodb', '--file', '/zarpe/q.js'],
    ])
  })

  it.each<[Record<string, string>, string | null]>([
    [{ MONGO_INITDB_ROOT_USERNAME: 'root', MONGO_INITDB_ROOT_PASSWORD: 'x' }, 'root'],
    [{ MONGO_INITDB_ROOT_USERNAME: 'root' }, null],
    [{}, null],
  ])('of %j the superuser is %j', (values, user) =>
    expect(rootLogin(values)?.user ?? null).toBe(user),
  )

  it.each([
    [[], 27_017],
    [['mongod', '--port', '27020'], 27_020],
    [['--port=5'], 5],
    [['--port', 'x'], 27_017],
  ])('with %j the port is %i', (args, port) => expect(portIn(args)).toBe(port))
})

type Fake = Record<string, { name: string; type: string; documents: number; indexes?: string[] }[]>

/** Runs the script as mongosh would, on collections in memory; what it is logged in as is in `logins`. */
const answerOf = (databases: Fake, question: Question, where: typeof live | typeof itself) => {
  const logins: unknown[] = []
  const printed: string[] = []
  const collectionOf = (database: string, name: string) => {
    const found = databases[database]?.find((each) => each.name === name)
    return {
      estimatedDocumentCount: () => found!.documents,
      countDocuments: () => found!.documents,
      getIndexes: () => (found?.indexes ?? ['_id_']).map((index) => ({ name: index })),
      find: () => ({ toArray: () => [{ _id: `${database}.${name}`, roles: ['root'], other: 1 }] }),
    }
  }
  class Mongo {
    readonly uri: string
    constructor(uri: string) {
      this.uri = uri
    }
    getDB(database: string) {
      return {
        auth: (...login: string[]) => logins.push([this.uri, ...login]),
        version: () => '8.0.1',
        getCollection: (name: string) => collectionOf(database, name),
        getCollectionInfos: () =>
          databases[database]!.map(({ name, type }) => ({ name, type, options: {} })),
        runCommand: (command: Record<string, unknown>) => {
          if ('hello' in command) return { ok: 1, setName: 'rs0' }
          if ('listDatabases' in command)
            return { databases: ['local', 'config', ...Object.keys(databases)].map(named) }
          const hashed = databases[database]!.map(({ name, documents }) => [
            name,
            `md5-${documents}`,
          ])
          return { ok: 1, collections: Object.fromEntries(hashed) as unknown }
        },
      }
    }
  }
  const named = (name: string) => ({ name })
  const require = createRequire(import.meta.url)
  const files = { readFileSync: () => passwordFile(secret) }
  vm.runInNewContext(script, {
    Mongo,
    EJSON: JSON,
    print: (line: string) => printed.push(line),
    process: {
      env: { [questionVariable]: asked(where, question).slice(questionVariable.length + 1) },
    },
    require: (name: string) => (name === 'fs' ? files : (require(name) as unknown)),
  })
  const line = printed.at(-1)!
  expect(line.startsWith(answerMark)).toBe(true)
  return { answer: JSON.parse(line.slice(answerMark.length)) as unknown, logins }
}

const databases: Fake = {
  shop: [
    { name: 'system.views', type: 'collection', documents: 1 },
    { name: 'orders', type: 'collection', documents: 7, indexes: ['b', '_id_'] },
    { name: 'latest', type: 'view', documents: 0 },
  ],
  admin: [{ name: 'system.users', type: 'collection', documents: 2 }],
}

describe('what the shell answers', () => {
  it('as the superuser, if there is one', () => {
    const { answer, logins } = answerOf(databases, { ask: 'hello' }, live)
    expect(answer).toEqual({ version: '8.0.1', replicaSet: 'rs0' })
    expect(logins).toEqual([['mongodb://docs:27018/?directConnection=true', 'root', secret]])
    expect(answerOf(databases, { ask: 'hello' }, itself).logins).toEqual([])
  })

  it('is every collection, with its digest and indexes in any order, and who may log in', () => {
    const everything = (change: Partial<Fake> = {}) =>
      answerOf({ ...databases, ...change } as Fake, { ask: 'everything' }, itself)
        .answer as MongodbContents
    const first = everything()
    expect(first.collections).toEqual([
      {
        ...{ database: 'shop', name: 'latest', type: 'view', documents: 0, md5: null },
        definitionSha256: expect.any(String) as string,
      },
      {
        ...{ database: 'shop', name: 'orders', type: 'collection', documents: 7, md5: 'md5-7' },
        definitionSha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      },
    ])
    const orders = { name: 'orders', type: 'collection', documents: 7 }
    const others = everything({ shop: [{ ...orders, indexes: ['_id_', 'b'] }] })
    expect(others.collections[0]).toEqual(first.collections[1])
    const without = everything({ shop: [orders] })
    expect(without.collections[0]).not.toEqual(first.collections[1])
    expect(first.logins.count).toBe(1)
  })

  it('is how much there is of what is asked for', () => {
    const collections = ['orders', 'nothing'].map((name) => ({ database: 'shop', name }))
    expect(answerOf(databases, { ask: 'counts', collections }, itself).answer).toEqual([7, null])
    expect(answerOf(databases, { ask: 'estimates' }, itself).answer).toEqual([
      { database: 'shop', name: 'orders', documents: 7 },
    ])
  })
})

const orders: MongodbContents['collections'][number] = {
  ...{ database: 'shop', name: 'orders', type: 'collection', documents: 7 },
  ...{ md5: 'a', definitionSha256: 'd' },
}
const held = { collections: [orders], logins: { count: 1, sha256: 'l' } }

describe('differences of a restored MongoDB', () => {
  it.each<[object, string[]]>([
    [{}, []],
    [{ documents: 6 }, ['shop.orders has 6 documents, not 7']],
    [{ md5: 'b' }, ['shop.orders has its 7 documents, but other values in them']],
    [{ definitionSha256: 'e' }, ['shop.orders has other indexes or options']],
    [
      { name: 'order' },
      ['shop.orders is missing (7 documents)', 'shop.order was not in the backup'],
    ],
  ])('with %j: %j', (change, lines) =>
    expect(mongodbDifferences(held, { ...held, collections: [{ ...orders, ...change }] })).toEqual(
      lines,
    ),
  )

  it('are its logins too', () => {
    const logins = { count: 1, sha256: 'm' }
    expect(mongodbDifferences(held, { ...held, logins })).toEqual(['users or roles differ'])
  })

  const at = (name: string, documents: number): Estimate => ({ database: 'shop', name, documents })
  it.each<[Estimate[], Estimate[], string[]]>([
    [[at('orders', 5)], [at('orders', 9)], []],
    [[at('users', 5)], [at('users', 9)], ['shop.users is not in the dump']],
    [[at('users', 5)], [], []],
    [[], [at('users', 5)], []],
  ])('a dump lacks none that was there before and after: %j, %j', (before, after, lines) =>
    expect(lostIn(held, before, after)).toEqual(lines),
  )

  it('a dump holds documents where there were some all the time', () => {
    const empty = { ...held, collections: [{ ...orders, documents: 0 }] }
    const some = [at('orders', 5)]
    expect(lostIn(empty, some, some)).toEqual(['shop.orders has no documents in the dump'])
    expect(lostIn(empty, some, [at('orders', 0)])).toEqual([])
  })
})

describe('what is expected of a MongoDB', () => {
  it.each([
    ['shop.orders', { database: 'shop', name: 'orders' }],
    ['shop.a.b', { database: 'shop', name: 'a.b' }],
    ['orders', null],
    ['shop.', null],
    ['sh op.x', null],
  ])('%s', (query, collection) => expect(collectionIn(query)).toEqual(collection))

  it('is told where it is not so', () => {
    const expected = [
      { what: 'shop.orders', query: 'shop.orders', is: '>= 8' },
      { what: 'shop.nothing', query: 'shop.nothing', is: '0' },
    ]
    expect(unmetIn(expected, [7, null])).toEqual([
      'expected of shop.orders: >= 8; found: 7',
      'expected of shop.nothing: 0; found: no such collection',
    ])
    expect(unmetIn(expected, [8, 0])).toEqual([])
  })
})
