import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rootCertificate } from '../../src/lab/acme.ts'
import { startTraffic } from '../../src/lab/traffic/traffic.ts'
import { down, type Vps } from '../../src/lab/vps.ts'
import { zarpe, zarpeOk } from '../lab/cli.ts'
import { lines } from '../lab/inventory.ts'
import { type Project, projectFrom } from '../lab/project.ts'
import { pointTo, readyServer } from '../lab/server.ts'
import { expectAllAnswered } from '../lab/steady.ts'

// Two products in two environments each share a server. Whatever is done to one of the four, well or
// badly, the other three lose no request and keep every container they have.

const server = 'neighbours'
const apps = ['one', 'two']
const environments = ['production', 'staging']
const domainOf = (app: string, environment: string) => `${environment}-${app}.example`
const all = apps.flatMap((app) => environments.map((environment) => ({ app, environment })))
const projects = new Map<string, Project>()
let vps: Vps

const optionsOf = (app: string) => ({ folder: projects.get(app)!.folder, server })
const deploy = (app: string, environment: string) =>
  zarpe(['--env', environment, 'deploy'], optionsOf(app))

/** The containers of a project, by the engine's own ids. */
const containersOf = (app: string, environment: string) =>
  lines(server, [
    ...['ps', '--no-trunc', '--format', '{{.ID}} {{.Names}}'],
    ...['--filter', `name=${app}-${environment}_`],
  ])

const prepare = async (app: string) => {
  const project = await projectFrom('hello', app, domainOf(app, 'production'))
  const [head, edge] = project.read('zarpe.yml').split(/^edge:/m)
  const staging = `  staging:
    servers: [main]
    routes:
      ${domainOf(app, 'staging')}: { /: web:3000 }
`
  project.write('zarpe.yml', `${head}${staging}release: { watch: 1s }\nedge:${edge}`)
  projects.set(app, project)
}

beforeAll(async () => {
  await down(server)
  vps = await readyServer(server)
  await pointTo(
    vps,
    all.map(({ app, environment }) => domainOf(app, environment)),
  )
  for (const app of apps) await prepare(app)
  for (const { app, environment } of all)
    await zarpeOk(['--env', environment, 'deploy'], optionsOf(app))
})

afterAll(async () => {
  for (const project of projects.values()) project.remove()
  if (!process.env['ZARPE_KEEP']) await down(server)
})

/** Does something to one of the four under traffic to the others, and expects them untouched. */
const expectOthersUntouched = async (
  app: string,
  environment: string,
  act: () => Promise<void>,
) => {
  const others = all.filter((each) => each.app !== app || each.environment !== environment)
  const idsOf = () => Promise.all(others.map((each) => containersOf(each.app, each.environment)))
  const before = await idsOf()
  expect(before.map((ids) => ids.length)).toEqual(others.map(() => 2))
  const ca = await rootCertificate()
  const running = await Promise.all(
    others.map((each) =>
      startTraffic({
        url: `https://${domainOf(each.app, each.environment)}`,
        address: vps.address,
        ca,
        ratePerSecond: 25,
        slowAtOnce: 2,
        webSockets: 2,
        eventStreams: 2,
      }),
    ),
  )
  const ended = await act().then(
    () => null,
    (error: unknown) => ({ error }),
  )
  const reports = await Promise.all(running.map((traffic) => traffic.stop()))
  if (ended) throw ended.error
  for (const report of reports) {
    expectAllAnswered(report)
    expect(report.webSockets.failed + report.eventStreams.failed).toBe(0)
    expect(report.webSockets.closes).toEqual({})
    expect(report.eventStreams.ended + report.eventStreams.cut).toBe(0)
    expect(report.total.sent).toBeGreaterThan(100)
  }
  expect(await idsOf()).toEqual(before)
}

describe('one of four on a server', () => {
  it('is released', () =>
    expectOthersUntouched('one', 'production', async () => {
      projects.get('one')!.version('2.0.0')
      expect((await deploy('one', 'production')).code).toBe(0)
    }))

  it('is broken', () =>
    expectOthersUntouched('one', 'staging', async () => {
      const project = projects.get('one')!
      project.write('.env.staging', 'MODE=never-healthy\n')
      const whole = project.read('zarpe.yml')
      project.write('zarpe.yml', whole.replace('watch: 1s', 'watch: 1s, healthy_within: 8s'))
      expect((await deploy('one', 'staging')).code).toBe(1)
      project.write('zarpe.yml', whole)
    }))

  it('is removed', () =>
    expectOthersUntouched('two', 'staging', async () => {
      expect((await zarpe(['--env', 'staging', 'remove'], optionsOf('two'))).code).toBe(0)
      expect(await containersOf('two', 'staging')).toEqual([])
    }))
})
