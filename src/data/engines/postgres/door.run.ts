import { removePath, within, writeDurable } from '../../../io/host/files/durable.ts'
import { Problem } from '../../../problem/problem.ts'
import type { DataContext } from '../../engine.ts'
import type { PostgresDataset, ServiceSource } from '../../model.ts'
import { dataLabels, givingWay } from '../containers.run.ts'
import { liveService } from '../service.run.ts'
import { variablesOf } from '../variables.run.ts'
import {
  connectionEnv,
  type Connection,
  parseUrl,
  passwordLine,
  serviceConnection,
  serviceVariables,
} from './connection.ts'
import type { PostgresDoor } from './session.run.ts'
import { workPath } from '../places.ts'

export type LiveDoor = PostgresDoor & { database: string; image: string }

/** Gone with a reboot, and never on a disk. */
const passwordFolder = '/run/zarpe/passwords'

/** A container of the database's own image beside the database, for as long as `act` takes. */
export const withLive = async <Result>(
  dataset: PostgresDataset,
  context: DataContext,
  act: (door: LiveDoor) => Promise<Result>,
): Promise<Result> => {
  const { engine, project, folder, signal } = context
  const { connection, image } = await connectionOf(dataset, context)
  // Of the one act on a project's data that there can be: what a killed one has left is written over.
  const passwords = within(passwordFolder, project)
  await writeDurable(passwords, passwordLine(connection))
  const { Id } = await engine.containers.create(
    `zarpe-data-${project}-${Date.now().toString(36)}`,
    {
      Image: image,
      Entrypoint: ['sleep'],
      Cmd: ['86400'],
      User: '0:0',
      Labels: dataLabels(project),
      HostConfig: {
        NetworkMode: project,
        Mounts: [
          { Type: 'bind', Source: folder, Target: workPath },
          { Type: 'bind', Source: passwords, Target: '/run/zarpe-password', ReadOnly: true },
        ],
        ExtraHosts: ['host.docker.internal:host-gateway'],
        ...givingWay(context),
      },
    },
  )
  try {
    await engine.containers.start(Id)
    return await act({
      engine,
      container: Id,
      user: '0:0',
      env: connectionEnv(connection, '/run/zarpe-password'),
      signal,
      database: connection.database,
      image,
    })
  } finally {
    await engine.containers.remove(Id)
    await removePath(passwords)
  }
}

const connectionOf = async (
  dataset: PostgresDataset,
  context: DataContext,
): Promise<{ connection: Connection; image: string }> => {
  if (dataset.source.from === 'service') return ofService(dataset.source, context)
  const { image } = dataset.source
  const connection = parseUrl(dataset.source)
  if (!connection) throw badUrl(dataset.name)
  if (!(await context.engine.images.find(image)))
    await context.engine.images.pull(image, () => undefined, context.signal)
  return { connection, image }
}

const ofService = async (source: ServiceSource, context: DataContext) => {
  const service = await liveService(context, source.service)
  const values = await variablesOf(service, serviceVariables, context.engine)
  return {
    connection: serviceConnection(source.service, values, source.database),
    image: service.image,
  }
}

const badUrl = (dataset: string) =>
  new Problem({
    code: 'data/bad-url',
    summary: 'The address of a database cannot be used.',
    detail: `The URL of "${dataset}" is not of the form postgresql://user:password@host:5432/database.`,
    fix: ['zarpe env check'],
  })
