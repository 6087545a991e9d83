import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { figure } from '../../lab/figures.ts'
import type { Project } from '../../lab/project.ts'
import { backupOk, deployed, newest, onServer, sql, startWriters } from './ledger.ts'

const bytesASecond = 2 * 1024 * 1024
const settingsOf = 'backup: { at: "03:00", priority: normal, rate: 2M }'

/** A backup that may read only so much of the live data at a time. */
export const heldToRate = (ledger: () => Project) => {
  describe('a rate', () => {
    let written = ''

    beforeAll(async () => {
      written = ledger().read('zarpe.yml')
      ledger().write('zarpe.yml', written.replace(/backup: .*/, settingsOf))
      await sql(`CREATE TABLE large AS SELECT g AS id, md5(g::text) || md5((g * 7)::text) AS body FROM generate_series(1, 200000) g;
CREATE TABLE larger AS SELECT * FROM large`)
      await deployed(ledger())
    })

    afterAll(async () => {
      ledger().write('zarpe.yml', written)
      await sql('DROP TABLE large, larger')
      await deployed(ledger())
    })

    it('makes a dump take as long as it says, while others write, and it is proven', async () => {
      const bytes = Number(await sql('SELECT 2 * sum(length(body) + 8) FROM large'))
      const writers = await startWriters()
      const running = backupOk(ledger(), ['now'])
      const quotas = new Set<string>()
      for (;;) {
        const over = await Promise.race([running.then(() => true), later(500)])
        if (over) break
        for (const quota of await quotasNow()) quotas.add(quota)
      }
      const { events } = await running
      const transactions = await writers.stop()
      expect(await newest(ledger())).toMatchObject({ state: 'proven' })
      // One processor is 100000: whoever is held has less, and not the same all the time.
      const held = [...quotas].filter((quota) => Number(quota) > 0 && Number(quota) < 100_000)
      expect(held.length, [...quotas].join(' ')).toBeGreaterThan(1)
      const taken = events.find(
        ({ type, id }) => type === 'step.done' && String(id).startsWith('backup.take'),
      )
      const megabytes = (number: number) => (number / 1e6).toFixed(1)
      figure(
        'a dump held to 2.1 MB a second',
        `${megabytes(bytes)} MB of rows in ${(Number(taken?.['ms']) / 1000).toFixed(1)} s, ${transactions} transactions of four clients meanwhile`,
      )
      // No machine is too slow for a bound from below; the first second is for learning how fast it is.
      expect(Number(taken?.['ms'])).toBeGreaterThan(((bytes / bytesASecond) * 0.6 - 2) * 1000)
    })
  })
}

const later = (ms: number) => new Promise<false>((resolve) => setTimeout(() => resolve(false), ms))

/** What containers that work on data are given of the processors. */
const quotasNow = async (): Promise<string[]> => {
  const script = `docker ps --quiet --filter label=zarpe.role=data | xargs --no-run-if-empty docker inspect --format '{{.HostConfig.CpuQuota}}' 2>/dev/null || true`
  return (await onServer('sh', '-c', script)).split('\n').filter(Boolean)
}
