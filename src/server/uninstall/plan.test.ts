import { describe, expect, it } from 'vitest'
import { mergeDaemonJson, parseDaemonJson, unmergeDaemonJson } from '../docker/daemon-json.ts'
import {
  bareDebian12,
  bareDebian13,
  bareUbuntu2404,
  exampleSettings,
  handMade,
} from '../example.model.ts'
import { runOnPaper } from '../example-run.model.ts'
import type { Facts } from '../model.ts'
import { paths } from '../paths.ts'
import { planSetup } from '../setup/plan.ts'
import { type Belongings, foreignIn, projectsIn } from './model.ts'
import { planUninstall } from './plan.ts'

const belongings = (facts: Facts, over: Partial<Belongings> = {}): Belongings => ({
  facts,
  projects: [],
  foreignInSwarm: [],
  volumes: [],
  backups: [],
  madeUser: true,
  held: [],
  login: 'root',
  ...over,
})

const setUp = (facts: Facts) => runOnPaper(facts, planSetup(facts, exampleSettings()).steps)

const servers = { bareDebian13, bareDebian12, bareUbuntu2404, handMade }

describe('planUninstall', () => {
  it.each(Object.entries(servers))(
    'leaves nothing of ours on %s but security updates',
    (_name, facts) => {
      const there = setUp(facts)
      const held = there.heldPackages.filter((name) => !facts.heldPackages.includes(name))
      const after = runOnPaper(there, planUninstall(belongings(there, { held })).steps)
      const ours = Object.entries(after.files).filter(([, { content }]) =>
        content.includes('zarpe'),
      )
      expect(ours.map(([path]) => path)).toEqual([paths.updates])
      expect(after).toMatchObject({
        deployUser: null,
        heldPackages: facts.heldPackages,
        firewallMarker: null,
        docker: { swarm: { state: 'inactive' } },
      })
      expect(after.units).not.toHaveProperty('zarpe-net.service')
      expect(planUninstall(belongings(after)).steps.map(({ target }) => target)).toEqual([
        'zarpe-edge',
        '/etc/zarpe',
        '/run/zarpe',
        '/var/lib/zarpe',
        '/usr/local/lib/zarpe',
        paths.agent,
      ])
    },
  )

  it('takes the agent last, so that a run that was cut can be run again', () => {
    expect(planUninstall(belongings(setUp(bareDebian13))).steps.at(-1)?.target).toBe(paths.agent)
  })

  it('refuses while an app is released, and names it', () => {
    const there = belongings(setUp(bareDebian13), { projects: ['shop-production'] })
    expect(() => planUninstall(there)).toThrow(/server\/in-use.*shop-production/)
  })

  it('lets go only the packages that were held for Zarpe', () => {
    const facts = { ...handMade, heldPackages: ['docker-ce'] }
    const plan = planUninstall(belongings(setUp(facts), { held: ['containerd.io'] }))
    const unhold = plan.steps.find(({ kind }) => kind === 'server.unhold')
    expect(unhold?.params).toEqual({ packages: ['containerd.io'] })
    expect(plan.notes).toContain(
      'held before, or by an earlier version of Zarpe, and stays so: docker-ce; to let go: apt-mark unhold docker-ce',
    )
    expect(runOnPaper(setUp(facts), plan.steps).heldPackages).toEqual(['docker-ce'])
  })

  it('leaves what is not ours: a user that was there, a swarm in which others run, volumes', () => {
    const plan = planUninstall(
      belongings(setUp(bareDebian13), {
        madeUser: false,
        foreignInSwarm: ['service registry'],
        volumes: ['shop_data'],
      }),
    )
    const kinds = plan.steps.map(({ kind }) => kind)
    expect(kinds).not.toContain('server.remove-user')
    expect(kinds).not.toContain('server.leave-swarm')
    expect(plan.notes.join('\n')).toMatch(/registry[\s\S]*deploy was there[\s\S]*shop_data stays/)
  })
})

describe('what counts as released, and as somebody else’s', () => {
  const ours = { Name: 'shop-production_web-r1', Labels: { 'zarpe.project': 'shop-production' } }

  it('is a project whose records cannot be opened, and one without any that serves', () => {
    expect(projectsIn(['blog-staging'], [ours, { Name: 'registry', Labels: {} }])).toEqual([
      'blog-staging',
      'shop-production',
    ])
  })

  it('is everything in the swarm without our label, and every other machine', () => {
    const swarm = {
      services: [ours, { Name: 'registry', Labels: {} }],
      secrets: [{ Name: 'tls', Labels: null }],
      configs: [{ Name: 'nginx' }],
      networks: [
        { ...ours, Name: 'shop-production' },
        { Name: 'backup', Labels: {} },
      ],
      nodes: 3,
    }
    expect(foreignIn(swarm)).toEqual([
      'service registry',
      'secret tls',
      'config nginx',
      'network backup',
      '2 other machines',
    ])
    expect(
      foreignIn({ ...swarm, services: [ours], secrets: [], configs: [], networks: [], nodes: 1 }),
    ).toEqual([])
  })

  it('keeps the swarm with the address it has here', () => {
    const there = setUp(bareDebian13)
    const plan = planUninstall(belongings(there, { foreignInSwarm: ['secret tls'] }))
    const targets = plan.steps.map(({ target }) => target)
    for (const kept of ['swarm', 'zarpe-net.service', paths.dockerDropIn])
      expect(targets).not.toContain(kept)
    expect(plan.notes.join('\n')).toMatch(/the swarm stays.*secret tls/)
    const worker = { ...there.docker!.swarm, isManager: false }
    const joined = { ...there, docker: { ...there.docker!, swarm: worker } }
    const kinds = planUninstall(belongings(joined)).steps.map(({ kind }) => kind)
    expect(kinds).not.toContain('server.leave-swarm')
  })

  it('refuses the deploy user, by whatever name the server was called', () => {
    expect(() => planUninstall(belongings(setUp(bareDebian13), { login: 'deploy' }))).toThrow(
      'config/uninstall-by-itself',
    )
  })
})

describe('unmergeDaemonJson', () => {
  const wanted = { addressPool: '10.201.0.0/16', raiseLimits: true }

  it.each([
    {},
    { 'registry-mirrors': ['https://mirror.example'] },
    { 'default-address-pools': [{ base: '172.30.0.0/16', size: 26 }] },
    { 'log-driver': 'journald', 'log-opts': { tag: '{{.Name}}' }, 'default-ulimits': {} },
  ])('gives back what was there: %j', (there: Record<string, unknown>) => {
    // The log driver is the one thing that setup replaces: it does not come back.
    const { 'log-driver': _driver, ...expected } = there
    expect(unmergeDaemonJson(mergeDaemonJson(there, wanted))).toEqual(expected)
  })

  it.each([
    [
      'on a server that may not raise limits',
      mergeDaemonJson({}, { ...wanted, raiseLimits: false }),
    ],
    [
      'of a version that did not limit copies of memory',
      { 'default-ulimits': { nofile: { Name: 'nofile', Soft: 65_536, Hard: 524_288 } } },
    ],
  ])('knows our limits %s', (_name, there) => {
    expect(unmergeDaemonJson(there)).toEqual({})
  })

  it('leaves what somebody changed since', () => {
    const changed = parseDaemonJson(
      '{"log-driver":"local","log-opts":{"max-size":"1m"},"default-ulimits":{"core":{"Name":"core","Soft":-1,"Hard":-1}}}',
    )!
    expect(unmergeDaemonJson(changed)).toEqual(changed)
  })
})
