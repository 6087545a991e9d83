import { expect } from 'vitest'
import { inside } from '../../../src/lab/vps.ts'
import { type CliOptions, type CliResult, said, zarpe, zarpeOk } from '../../lab/cli.ts'
import { awaitReached, forgetOrders, killSshOf, order, reached, relent } from '../../lab/fault.ts'
import { inventoryOf, lines } from '../../lab/inventory.ts'
import type { Project } from '../../lab/project.ts'

export type Status = {
  ok: boolean
  release: { number: number } | null
  run: { state: string; text: string } | null
  strays: string[]
}

type Moment = 'before' | 'after'

/** One app on one server whose releases are interrupted and then converge. */
export const openCrash = (server: string, app: string, domain: string, project: Project) => {
  const options: CliOptions = { folder: project.folder, server, doors: true }
  let version = 1
  let current = 0
  const shell = async (argv: string[]) => (await inside(server, argv)).stdout.trim()
  const nextVersion = () => project.version(String(++version))

  const status = async (): Promise<Status> =>
    (await zarpe(['status'], options)).events[0] as unknown as Status

  const deploy = (more: CliOptions = {}): Promise<CliResult> =>
    zarpe(['deploy'], { ...options, ...more })

  /** Ids of the steps that a deploy would take now, with the release's number as `N`. */
  const planned = async (): Promise<string[]> => {
    const { events } = await zarpeOk(['plan'], options)
    const { title, steps } = events.find(({ type }) => type === 'planned') as {
      title: string
      steps: { id: string }[]
    }
    const number = Number(/release (\d+)/.exec(title)?.[1])
    return steps.map(({ id }) => general(id, number))
  }

  /** Kills the agent at a step of a new release. Returns the id of the step. */
  const killAgent = async (index: number, moment: Moment) => {
    nextVersion()
    await order(server, `kill ${moment} ${index}`)
    const result = await deploy()
    const step = await reached(server)
    await forgetOrders(server)
    return { step, result }
  }

  /** Holds a new release at a step, lets `act` do its worst to the command, and lets go. */
  const disturb = async (index: number, moment: Moment, how: 'command' | 'connection') => {
    nextVersion()
    await order(server, `wait ${moment} ${index}`)
    let end = () => undefined as void
    const running = deploy({
      onStart: (pid, kill) => {
        end = () => (how === 'command' ? kill('SIGKILL') : killSshOf(pid))
      },
    })
    const step = await Promise.race([awaitReached(server), running.then(endedFirst)])
    const during = await status()
    end()
    const result = await running
    await relent(server)
    await expect
      .poll(async () => (await status()).run?.state, { timeout: 60_000, interval: 500 })
      .not.toBe('under-way')
    return { step, during, result }
  }

  /** Everything on the server that must not pile up, with changing numbers and ids left out. */
  const inventory = async () => {
    const held = await inventoryOf(server)
    const images = await lines(server, ['images', '--digests', '--format', '{{.Repository}}'])
    const sockets = await shell(['sh', '-c', 'ls /tmp | grep ^zarpe- || true'])
    const locks = await shell(['sh', '-c', 'ls /run/zarpe/locks'])
    const anonymous = (text: string) =>
      text.replace(/-r\d+/, '-r#').replace(/(\.\d+)\.[a-z0-9]{25}$/, '$1')
    const all = { ...held, images, sockets: sockets.split('\n'), locks: locks.split('\n') }
    return Object.fromEntries(
      Object.entries(all).map(([kind, names]) => [kind, names.map(anonymous).toSorted()]),
    )
  }

  /** What the app itself says on its route. */
  const served = () =>
    shell([
      ...['curl', '--silent', '--insecure', '--max-time', '10'],
      ...['--resolve', `${domain}:443:127.0.0.1`, `https://${domain}/`],
    ])

  /** How often the migration of a release has run. */
  const migrations = async (number: number) => {
    const path = `/var/lib/docker/volumes/${app}-production_data/_data/migrations`
    const ran = await shell(['cat', path])
    return ran.split('\n').filter((line) => line === String(number)).length
  }

  /**
   * The next plain deploy brings exactly what was wanted, and leaves nothing behind. `rests`: what was interrupted makes a
   * release of what was there already; it runs no migration of its own, and how many such rest beside each other (at most
   * four for each that is kept) is not compared.
   */
  const expectConverged = async (base: Record<string, string[]>, rests = false) => {
    const result = await deploy()
    expect(result.code, result.stdout.slice(-3000) + result.stderr).toBe(0)
    const read = [status(), zarpeOk(['releases'], options), served()] as const
    const [now, { events: records }, answer] = await Promise.all(read)
    expect(now, JSON.stringify(now)).toMatchObject({ ok: true, run: null, strays: [] })
    expect(records.filter(({ state }) => state === 'current')).toHaveLength(1)
    expect(records.filter(({ state }) => state === 'starting')).toEqual([])
    expect(answer).toBe(`version ${version}`)
    const ran = await migrations(now.release!.number)
    expect(rests ? [0, 1] : [1]).toContain(ran)
    const found = async () => (rests ? awake(await inventory()) : inventory())
    await expect.poll(found, { timeout: 20_000, interval: 500 }).toEqual(rests ? awake(base) : base)
    return (current = now.release!.number)
  }

  /** A run that nobody watched any more has ended by itself: completed, or taken back. */
  const expectSettled = async (takenBack: boolean) => {
    const now = await status()
    expect(now, JSON.stringify(now)).toMatchObject({ ok: true, run: null, strays: [] })
    expect(await served()).toBe(`version ${takenBack ? version - 1 : version}`)
  }

  return {
    options,
    nextVersion,
    /** The release that counted when it last converged. */
    current: () => current,
    status,
    deploy,
    planned,
    killAgent,
    disturb,
    inventory,
    served,
    expectConverged,
    expectSettled,
  }
}

/** Without services at rest, and each kind of image once. */
const awake = (held: Record<string, string[]>): Record<string, string[]> => ({
  ...held,
  services: (held['services'] ?? []).filter((line) => !line.endsWith(' 0/0')),
  images: [...new Set(held['images'])],
})

const endedFirst = (result: CliResult): never => {
  throw new Error(`the command ended before its agent came to its door:\n${said(result)}`)
}

export type Crash = ReturnType<typeof openCrash>

const general = (id: string, number: number) =>
  id
    .replace(new RegExp(`-r${number}$`), '-rN')
    .replace(new RegExp(`-r${number - 1}$`), '-rN-1')
    .replace(new RegExp(`-r${number - 2}$`), '-rN-2')
    .replace(/^release\.forget\/\d+$/, 'release.forget')
    .replace(/^image\.remove\/.*\/(.*)@.*$/, 'image.remove/$1')
