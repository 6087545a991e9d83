import type { Engine } from '../../io/engine/engine.ts'
import { Problem } from '../../problem/problem.ts'
import { label } from '../../release/model.ts'
import { readCurrentRelease } from '../../release/records/records.run.ts'
import { fingerprintsOf, keyBytes } from './fingerprint.ts'
import { givenTo } from './given.ts'
import type { Given } from '../methods.ts'

/** Asks the engine, not the record: what was changed by hand is what containers get. */
export const inspectGiven = async (engine: Engine, project: string): Promise<Given> => {
  const release = await readCurrentRelease(project)
  if (!release) return { release: null, services: {} }
  const services = await engine.services.list({ label: [`${label.project}=${project}`] })
  return { release: release.number, services: givenTo(release, services) }
}

/** As `inspectGiven`, with a fingerprint in place of each value. */
export const inspectFingerprints = async (
  engine: Engine,
  { project, key }: { project: string; key: string },
): Promise<Given> => {
  const bytes = Buffer.from(key, 'base64')
  if (bytes.length < keyBytes) throw shortKey()
  const { release, services } = await inspectGiven(engine, project)
  return {
    release,
    services: Object.fromEntries(
      Object.entries(services).map(([service, values]) => [service, fingerprintsOf(bytes, values)]),
    ),
  }
}

const shortKey = () =>
  new Problem({
    code: 'contract/short-key',
    summary: 'The key for fingerprints is too short.',
    detail: `It must have ${keyBytes} bytes, or values could be found by trying.`,
    fix: ['Use the same version of Zarpe on every machine.'],
  })
