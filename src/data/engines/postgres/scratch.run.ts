import { commandIn } from '../../../io/engine/command.ts'
import { removePath, within } from '../../../io/host/files/durable.ts'
import { makeFolder } from '../../../io/host/files/files.ts'
import { freeMemoryBytes } from '../../../io/host/machine/resources.ts'
import { Problem } from '../../../problem/problem.ts'
import type { DataContext } from '../../engine.ts'
import type { PostgresContents } from '../../held.ts'
import { dataLabels, givingWay } from '../containers.run.ts'
import { workPath } from '../places.ts'
import { type PostgresDoor, program } from './session.run.ts'

const home = '/scratch'
const data = `${home}/data`
/** Nobody in the data is called so, and roles of the data can all be made. */
const superuser = 'zarpe_scratch'

/** A restored database is a little larger than its files were. */
const roomForOne = 1.5
/** A restore needs room for its log. */
const logBytes = 512 * 1024 * 1024

/**
 * A throw-away server of the very image that made the dump, for as long as `act` takes: no network,
 * in memory if half of what is free will do, else on disk. What it holds is never flushed. `roomFor`: how many times
 * the size of the original it may need. Where `context.processes` says how many may be busy, each of its sessions is one.
 */
export const withScratch = async <Result>(
  held: PostgresContents,
  context: DataContext,
  act: (door: PostgresDoor) => Promise<Result>,
  roomFor = roomForOne,
): Promise<Result> => {
  const { engine, project, folder, signal } = context
  if (!(await engine.images.find(held.image)))
    await engine.images.pull(held.image, () => undefined, signal)
  const bytes = held.bytes * roomFor + logBytes
  const free = await freeMemoryBytes()
  const inMemory = bytes < free / 2
  const disk = within(folder, 'scratch')
  // What was unpacked may hold a link of that name, which would lead out of the work folder.
  await removePath(disk)
  if (!inMemory) await makeFolder(disk, { mode: 0o777 })
  const { Id } = await engine.containers.create(
    `zarpe-scratch-${project}-${Date.now().toString(36)}`,
    {
      Image: held.image,
      Entrypoint: ['sleep'],
      Cmd: ['86400'],
      User: '0:0',
      Labels: dataLabels(project),
      HostConfig: {
        NetworkMode: 'none',
        Mounts: [
          { Type: 'bind', Source: folder, Target: workPath },
          ...(inMemory ? [] : [{ Type: 'bind' as const, Source: disk, Target: home }]),
        ],
        ...(inMemory ? { Tmpfs: { [home]: `size=${Math.ceil(bytes)},mode=1777` } } : {}),
        ...givingWay(context),
      },
    },
  )
  try {
    await engine.containers.start(Id)
    const door = {
      engine,
      container: Id,
      // The work folder is root's alone; the server itself may not run as root.
      user: '0:0',
      env: [
        `PGHOST=${home}`,
        `PGUSER=${superuser}`,
        'PGAPPNAME=zarpe',
        'LC_ALL=C',
        'PGCLIENTENCODING=UTF8',
      ],
      signal,
    }
    const forIndexes = sortMemoryMb(inMemory ? free - bytes : free)
    const user = await unprivileged(context, Id, held.image)
    await boot({ ...door, user }, forIndexes, context.processes !== undefined)
    return await act(door)
  } finally {
    await engine.containers.remove(Id)
  }
}

/** PostgreSQL refuses to run as root. The official images bring a user for it. */
const unprivileged = async ({ engine }: DataContext, container: string, image: string) => {
  const { code } = await commandIn(engine, container, { argv: ['id', 'postgres'] })
  if (code === 0) return 'postgres'
  const user = (await engine.images.find(image))?.Config?.User
  if (user && user !== 'root' && user !== '0') return user
  throw new Problem({
    code: 'data/no-user',
    summary: 'A backup cannot be proven with this image.',
    detail: `${image} has no user "postgres" that a throw-away server could run as.`,
    fix: ['Use an image built on the official one.'],
  })
}

const careless = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  autovacuum: 'off',
  listen_addresses: '',
  unix_socket_directories: home,
  max_wal_size: '4GB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  archive_mode: 'off',
}

/** What one of two that make indexes may take of so much free memory: most of a proof is their sorting. */
const sortMemoryMb = (freeBytes: number) =>
  Math.round(Math.min(1024, Math.max(64, freeBytes / 2 ** 20 / 8)))

const boot = async (door: PostgresDoor, forIndexesMb: number, isBounded: boolean) => {
  await program(door, [
    'initdb',
    `--pgdata=${data}`,
    `--username=${superuser}`,
    '--auth=trust',
    '--no-sync',
    '--encoding=UTF8',
    '--locale=C',
  ])
  const settings = {
    ...careless,
    maintenance_work_mem: `${forIndexesMb}MB`,
    // An index would be made by three.
    ...(isBounded ? { max_parallel_maintenance_workers: '0' } : {}),
  }
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}='${value}'`)
  await program(door, [
    'pg_ctl',
    'start',
    '--wait',
    '--silent',
    `--pgdata=${data}`,
    `--log=${home}/log`,
    `--options=${options.join(' ')}`,
  ])
}
