import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countDifferences, notImported, rabbitmqDifferences } from './compare.ts'
import { countsOf, isOf, parseDefinitions } from './definitions.ts'
import { canBeAsked, unmetIn } from './expect.ts'
import { pluginsIn, pluginsTerm } from './plugins.ts'
import { withoutSecrets } from './said.ts'
import { definitionLosses } from './weigh.ts'

type Lists = Record<string, Record<string, unknown>[]>

const hash = 'Hf5GjRkUv1d9yq0Zkq3l3m9y0mJxVh3yq0Zk/+XyZ1w='

const lists: Lists = {
  users: [
    { name: 'shop', password_hash: hash, tags: ['administrator', 'policymaker'], limits: {} },
  ],
  vhosts: [{ name: '/', metadata: { description: '', tags: [] } }, { name: 'eu' }],
  permissions: [{ user: 'shop', vhost: '/', configure: '.*', write: '.*', read: '.*' }],
  global_parameters: [
    { name: 'cluster_name', value: 'rabbit@a' },
    { name: 'cluster_tags', value: [] },
  ],
  parameters: [{ vhost: '/', component: 'shovel', name: 'out', value: { 'src-uri': 'amqp://' } }],
  policies: [
    { vhost: '/', name: 'ttl', pattern: '^', priority: 0, definition: { ttl: 5, max: 9 } },
  ],
  queues: [
    { vhost: '/', name: 'orders', durable: true, arguments: { 'x-queue-type': 'quorum' } },
    { vhost: 'eu', name: 'orders', durable: true, arguments: {} },
  ],
  exchanges: [{ vhost: '/', name: 'events', type: 'topic', durable: true, arguments: {} }],
  bindings: [
    {
      vhost: '/',
      source: 'events',
      destination: 'orders',
      destination_type: 'queue',
      routing_key: 'order.*',
      arguments: {},
    },
  ],
}

const parsed = (changed: Lists = {}) =>
  parseDefinitions(JSON.stringify({ rabbitmq_version: '4.0.5', ...lists, ...changed }))!
const kept = (changed?: Lists) => parsed(changed).kept

describe('what a broker exports', () => {
  it('is the same in any order, and however what is empty is written', () => {
    const shuffled = fc
      .tuple(
        ...Object.entries(lists).map(([kind, list]) =>
          fc
            .shuffledSubarray(list, { minLength: list.length })
            .map((each) => [kind, each] as const),
        ),
      )
      .map((all) => Object.fromEntries(all))
    fc.assert(
      fc.property(shuffled, (each) => {
        expect(countsOf(kept(each))).toEqual(countsOf(kept()))
      }),
    )
    const written = JSON.stringify(lists).replaceAll('"arguments":{}', '"arguments":[]')
    const tags = written.replace(
      '["administrator","policymaker"]',
      '["policymaker","administrator"]',
    )
    const keys = tags.replace('{"ttl":5,"max":9}', '{"max":9,"ttl":5}')
    expect(countsOf(parseDefinitions(keys)!.kept)).toEqual(countsOf(kept()))
  })

  it('has a version, and no name of the cluster', () => {
    expect(parsed().version).toBe('4.0.5')
    expect(countsOf(kept()).map(({ kind }) => kind)).not.toContain('global_parameters')
  })

  it.each([
    '{"description":"","default_queue_type":"undefined","tags":[]}',
    '{"default_queue_type": "undefined", "description":"","tags":[]}',
    '{"description":"","tags":[],"default_queue_type":"undefined"}',
  ])('%s of a virtual host names no type of queues', (metadata) => {
    const vhosts = JSON.parse(`[{"name":"/","metadata":${metadata}}]`) as Lists[string]
    const [found] = kept({ vhosts })
      .filter(({ kind }) => kind === 'vhosts')
      .map(({ fields }) => fields['metadata'])
    expect(found).toBe('{"description":"","tags":{}}')
  })

  it('leaves out what no import makes', () => {
    const binding = { ...lists['bindings']![0]!, destination: 'of-one-connection' }
    const { kept: found, leftOut } = parsed({
      queues: [...lists['queues']!, { vhost: '/', name: 'amq.gen-x', arguments: {} }],
      bindings: [...lists['bindings']!, binding, { ...binding, destination: 'amq.gen-x' }],
    })
    expect(found).toEqual(kept())
    expect(leftOut.map(({ what, count }) => `${count} ${what}`)).toEqual(['1 queue', '2 binding'])
  })

  it.each(['', '[]', 'null', '{"users":[]}', '{"vhosts":'])('%s is none', (text) =>
    expect(parseDefinitions(text)).toBeNull(),
  )
})

describe('differences of a broker', () => {
  const [first, second] = lists['queues']!

  it.each<[Lists, string[]]>([
    [{}, []],
    [{ queues: [first!] }, ['queue "orders" in "eu" is missing']],
    [
      { permissions: [{ ...lists['permissions']![0]!, write: '^$' }] },
      ['permission of "shop" in "/" differs in write'],
    ],
    [
      { users: [{ ...lists['users']![0]!, password_hash: 'other' }] },
      ['user "shop" differs in its password'],
    ],
    [
      { queues: [first!, second!, { vhost: '/', name: 'a\u001b[2J', arguments: {} }] },
      ['queue "a\\u001b[2J" in "/" is there, and is not in the backup'],
    ],
    [
      { bindings: [{ ...lists['bindings']![0]!, arguments: { 'x-match': 'all' } }] },
      [
        'binding of "events" to "orders" by "order.*" in "/" is missing',
        'binding of "events" to "orders" by "order.*" in "/" is there, and is not in the backup',
      ],
    ],
    [
      { vhosts: [{ name: '/', metadata: { description: '', tags: [], more: 1 } }, { name: 'eu' }] },
      [],
    ],
    [
      { vhosts: [{ name: '/', metadata: { description: 'x', tags: [] } }, { name: 'eu' }] },
      ['virtual host "/" differs in metadata'],
    ],
    [{ later: [{ name: 'x', value: 1 }] }, ['later "x" is there, and is not in the backup']],
  ])('%j: %j', (changed, lines) => {
    expect(rabbitmqDifferences(kept(), kept(changed))).toEqual(lines)
    expect(JSON.stringify(lines)).not.toContain(hash)
  })

  it('are none for what it had to begin with', () => {
    const own = 'zarpe-1'
    const more = kept({
      users: [...lists['users']!, { name: own }],
      vhosts: [...lists['vhosts']!, { name: own }],
      permissions: [...lists['permissions']!, { user: own, vhost: own }],
    })
    expect(more.filter((each) => !isOf(each, own))).toEqual(kept())
  })

  it('from the manifest are told by kind', () => {
    const others = [{ ...lists['permissions']![0]!, read: '' }]
    const found = countsOf(kept({ queues: [first!], permissions: others }))
    expect(countDifferences(countsOf(kept()), found)).toEqual([
      'its permissions are as many as they were, and not the same',
      'it has 1 queues, not 2',
    ])
    expect(countDifferences(countsOf(kept()), countsOf(kept()))).toEqual([])
  })
})

describe('a live broker that takes a backup in', () => {
  const [first, second] = lists['queues']!
  const other = { ...second!, durable: false }
  const live = kept({
    policies: [{ ...lists['policies']![0]!, priority: 7 }],
    exchanges: [],
    queues: [first!, other, ...['a', 'b', 'c', 'd'].map((name) => ({ vhost: '/', name }))],
  })

  it('gets what it lacks, and keeps the rest', () => {
    const lines = definitionLosses(kept(), live).map(({ what, words }) => `${what} ${words}`)
    expect(lines).toEqual([
      // Without its exchange a binding is not one either.
      'binding of "events" to "orders" by "order.*" in "/" comes back',
      'exchange "events" in "/" comes back',
      'policy "ttl" in "/" goes back to what it was then: priority',
      'queue "orders" in "eu" stays as it is now, with other durable: an import does not change it',
      'queues that are not in the backup stay: queue "a" in "/", queue "b" in "/", queue "c" in "/", 1 more',
    ])
  })

  it('has taken it in but for what cannot change', () => {
    expect(
      notImported(kept(), kept({ queues: [first!, other, { vhost: '/', name: 'a' }] })),
    ).toEqual([])
    expect(notImported(kept(), live)).toContain('exchange "events" in "/" is missing')
  })
})

describe('what is expected of it', () => {
  it.each([
    ['queues', '>= 2', []],
    ['queues eu', '1', []],
    ['queues  /', '> 1', ['expected of queues  /: > 1; found: 1']],
    ['policies nowhere', '0', []],
  ])('%s %s: %j', (what, is, lines) =>
    expect(unmetIn(kept(), [{ what, query: what, is }])).toEqual(lines),
  )

  it('is a kind of definition', () => {
    expect(canBeAsked('queues /')).toBe(true)
    expect(canBeAsked('queue')).toBe(false)
  })
})

it('plugins are named in the term that a broker reads', () => {
  expect(pluginsIn('% mine\n[rabbitmq_shovel,\n rabbitmq_management].\n')).toEqual([
    'rabbitmq_management',
    'rabbitmq_shovel',
  ])
  expect(pluginsIn('')).toEqual([])
  expect(pluginsTerm(['a_b', 'x] ++ os:cmd("id'])).toBe('[a_b].\n')
})

it('a failure is told without what it quotes', () => {
  const said = `{error,{bad,#{<<"password_hash">> => <<"${hash}">>}}}\ncould not reach amqps://u:pw@box.example`
  expect(withoutSecrets(said)).not.toMatch(/Hf5Gj|u:pw/)
  expect(withoutSecrets('no_such_vhost: "eu"')).toBe('no_such_vhost: "eu"')
})
