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

/** Fails with the first failures, told in full, unless every request was answered. */
export const expectAllAnswered = (report: TrafficReport) => {
  expect(report.total.sent, 'there was traffic at all').toBeGreaterThan(0)
  expect(report.failures, JSON.stringify(report.total)).toEqual([])
  expect(report.total.failed).toBe(0)
}
