import { describe, expect, it } from 'vitest'
import { deployed, emptyServer, project, shop } from '../../../test/twin.ts'
import type { Observed } from '../../release/model.ts'
import { drillQuestion, refuseLive } from './drill-target.ts'

const live = deployed(shop({ db: 1, api: 1, web: 1, scheduler: 1 }))

/** What a drill leaves on its server: the same product, without routes, alerts and timers. */
const drilled: Observed = {
  ...live,
  releases: live.releases.map((release) => ({ ...release, routes: [] })),
}

const at = (observed: Observed, over: { machine?: string; own?: string[] } = {}) => ({
  target: 'deploy@spare.example',
  machine: 'b2',
  own: ['a1'],
  observed,
  ...over,
})

const configured = (times: string[]): Observed => ({
  ...drilled,
  data: {
    ...drilled.data,
    configured: {
      datasets: [
        { name: 'main', kind: 'postgres', at: times, keep: {}, expect: [], from: 'service' },
      ],
      stores: [],
      encrypted: false,
    },
  },
})

describe('a server that was named for a drill', () => {
  it('is taken when it holds nothing of the product, or what an earlier drill left', () => {
    refuseLive(at(emptyServer()))
    refuseLive(at(drilled))
    refuseLive(at(configured([])))
    // A machine that does not tell its id is no machine that is known.
    refuseLive(at(drilled, { machine: '', own: [''] }))
  })

  it('is refused when the product is live there', () => {
    expect(() => refuseLive(at(live))).toThrow(/release 1 answers on shop\.example/)
    expect(() => refuseLive(at(configured(['03:00'])))).toThrow(/backed up by the clock/)
    const alerting = { ...drilled, alerts: { ...drilled.alerts, settings: 'f1' } }
    expect(() => refuseLive(at(alerting))).toThrow(/it alerts somebody/)
    expect(() => refuseLive(at({ ...live, releases: [] }))).toThrow(/release 1 has no record/)
  })

  it("is refused when it is the environment's own, whatever is there", () => {
    expect(() => refuseLive(at(emptyServer(), { own: ['a1', 'b2'] }))).toThrow(/machine id/)
    expect(() => refuseLive(at(drilled, { own: ['b2'] }))).toThrow(/environment's own server/)
  })

  it('is asked about, with what would be replaced there', () => {
    expect(drillQuestion(at(emptyServer()), 'box')).toBe(
      'The drill starts the product there and restores what box has. Do this on deploy@spare.example?',
    )
    expect(drillQuestion(at(drilled), 'box')).toContain(
      `replaces release 1 of ${project} there, with its data, and`,
    )
  })
})
