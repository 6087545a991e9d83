import fc from 'fast-check'
import { expect, it } from 'vitest'
import { applyStep, asked, at, cutIn, emptyServer, shop } from '../../test/twin.ts'
import type { AnyStep } from '../plan/kinds.ts'
import { planAbort } from './recover/abort.plan.ts'
import { planDeploy } from './deploy/deploy.plan.ts'
import { edgeAppOf } from './edge-app.ts'
import type { Observed, Wanted } from './model.ts'
import { planRollback } from './rollback/rollback.plan.ts'
import { secretsOf } from './secrets/secret.plan.ts'
import { planScale } from './scale/scale.plan.ts'

const versions = fc.record({
  db: fc.integer({ min: 1, max: 2 }),
  api: fc.integer({ min: 1, max: 4 }),
  web: fc.integer({ min: 1, max: 4 }),
  scheduler: fc.integer({ min: 1, max: 2 }),
  // A rotation is a deploy in which nothing but this changes.
  key: fc.integer({ min: 1, max: 3 }),
  email: fc.constantFrom(undefined, 'ops@shop.example'),
  page: fc.constantFrom(undefined, 'soon', 'later'),
  domains: fc.subarray(['shop.example', 'www.shop.example']),
})

type Versions = typeof versions extends fc.Arbitrary<infer Value> ? Value : never

const wantedOf = ({ page, domains, email, ...parts }: Versions): Wanted => {
  const wanted = shop(parts)
  const routes = domains.map((domain) => ({ ...wanted.routes[0]!, domain }))
  const edge = email === undefined ? {} : { email }
  return {
    ...wanted,
    routes,
    edge,
    ...(page && routes.length > 0 ? { maintenancePage: page } : {}),
  }
}

/** What may happen next: a verb, and whether it ends well, fails in a step, or is killed there. */
const move = fc.record({
  verb: fc.oneof(
    fc.record({ name: fc.constant('deploy' as const), versions }),
    fc.record({ name: fc.constant('rollback' as const) }),
    fc.record({ name: fc.constant('scale' as const), api: fc.integer({ min: 1, max: 4 }) }),
  ),
  end: fc.oneof(
    { weight: 3, arbitrary: fc.constant({ how: 'well' as const, after: 0 }) },
    fc.record({ how: fc.constantFrom('failed' as const, 'killed' as const), after: fc.nat(30) }),
    fc.constant({ how: 'torn' as const, after: 0 }),
  ),
})

type Move = typeof move extends fc.Arbitrary<infer Value> ? Value : never

const stepsOf = (server: Observed, { verb }: Move): AnyStep[] => {
  try {
    if (verb.name === 'deploy') return planDeploy(wantedOf(verb.versions), server, at).steps
    if (verb.name === 'scale')
      return planScale(server, { ...asked, replicas: { api: verb.api } }).steps
    return planRollback(server, { ...asked, to: null, data: null }).steps
  } catch {
    // Refused, as a rollback before the second release must be: nothing changes.
    return []
  }
}

/** What serves now, of the current release: never less than wanted while a release is under way. */
const holds = (server: Observed, why: string) => {
  const current = server.releases.find((release) => release.number === server.current)
  expect(current?.state, `${why}: the release that serves is given up`).not.toBe('failed')
  for (const wanted of current?.services ?? []) {
    if (wanted.order === 'stop-first') continue
    const seen = server.services.find((service) => service.name === wanted.swarmService)
    expect(seen, `${why}: ${wanted.swarmService} is gone`).toBeDefined()
    if (wanted.replicas > 0)
      expect(seen!.replicas, `${why}: ${wanted.swarmService} rests`).toBeGreaterThan(0)
  }
}

const act = (server: Observed, steps: AnyStep[], why: string): Observed =>
  steps.reduce((before, step) => {
    const after = applyStep(before, step)
    holds(after, `${why}, after ${step.kind} ${step.target}`)
    return after
  }, server)

/** A commit that was killed between its pointer and its records. */
const tear = (server: Observed, steps: AnyStep[], why: string): Observed => {
  const at = steps.findLastIndex((step) => step.kind === 'release.commit')
  const commit = steps[at]
  const before = act(server, steps.slice(0, Math.max(0, at)), why)
  return commit?.kind === 'release.commit' ? { ...before, current: commit.params.number } : before
}

const play = (server: Observed, each: Move): Observed => {
  const steps = stepsOf(server, each)
  const ids = steps.map((step) => step.id)
  expect(new Set(ids).size, `two steps with one id: ${ids.join(' ')}`).toBe(ids.length)
  const { how, after } = each.end
  if (how === 'torn') return tear(server, steps, each.verb.name)
  const until = act(server, how === 'well' ? steps : steps.slice(0, after), each.verb.name)
  const next = how === 'well' ? undefined : steps[after]
  const done = next ? cutIn(next, until) : until
  if (how !== 'failed') return done
  const failed = done.releases.find(
    ({ state, number }) => state === 'starting' && number !== done.current,
  )
  return failed ? act(done, planAbort(done, failed, 'it failed'), 'abort') : done
}

it('converges from any sequence of releases, rollbacks and scalings that end well, fail or are killed', () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 20 }), versions, (moves, last) => {
      const server = moves.reduce(play, emptyServer())
      const wanted = wantedOf(last)
      const done = act(server, planDeploy(wanted, server, at).steps, 'the last deploy')
      expect(planDeploy(wanted, done, at).steps).toEqual([])
      const current = done.releases.find((release) => release.number === done.current)!
      const live = done.services.filter((service) => service.replicas > 0).map(({ name }) => name)
      expect(live.toSorted()).toEqual(current.services.map((each) => each.swarmService).toSorted())
      const app = edgeAppOf(current)
      expect(done.edge.apps).toEqual(app ? [app] : [])
      const kept = new Set(
        done.releases.flatMap((release) => release.services.map((each) => each.swarmService)),
      )
      expect(done.services.filter((service) => !kept.has(service.name))).toEqual([])
      const images = done.releases.flatMap((release) => release.services.map(({ image }) => image))
      const present = Object.keys(done.images).filter((reference) => done.images[reference])
      expect(images.map(({ reference }) => reference)).toEqual(expect.arrayContaining(present))
      const mounted = done.releases.filter(({ state }) => state !== 'failed').flatMap(secretsOf)
      expect(done.secrets).toEqual([...new Set(mounted)].toSorted())
      expect(done.releases.filter((release) => release.state === 'starting')).toEqual([])
      expect(done.releases.filter((release) => release.state === 'current')).toEqual([current])
    }),
    { numRuns: 200 },
  )
})
