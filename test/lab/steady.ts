import { expect } from 'vitest'
import { rootCertificate } from '../../src/lab/acme.ts'
import type { TrafficReport } from '../../src/lab/traffic/model.ts'
import { startTraffic } from '../../src/lab/traffic/traffic.ts'
import type { Vps } from '../../src/lab/vps.ts'

/** Traffic as the `trio` fixture can answer it, over every kind of connection, until stopped. */
export const steadyTraffic = async (vps: Vps, domain: string, ratePerSecond = 60) =>
  startTraffic({
    url: `https://${domain}`,
    address: vps.address,
    ca: await rootCertificate(),
    ratePerSecond,
    slowAtOnce: 3,
    webSockets: 0,
    eventStreams: 0,
    paths: { get: '/', echo: '/echo', slow: '/slow', events: '/', webSocket: '/' },
  })

/**
 * Fails unless there was traffic and every request was answered; says how many were lost, of which
 * kind, with which errors and when. Streams end with the release that serves them, and are not asked.
 */
export const expectAllAnswered = ({ total, failures, releases, scheduleLagMs }: TrafficReport) => {
  expect(total.sent, 'there was traffic at all').toBeGreaterThan(0)
  const lost = failures.filter(({ kind }) => !['websocket', 'events'].includes(kind))
  expect(lost, JSON.stringify({ total, lost, releases, scheduleLagMs })).toEqual([])
  expect(total.failed).toBe(0)
}
