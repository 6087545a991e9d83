import type { Engine } from '../../../io/engine/engine.ts'
import { Problem } from '../../../problem/problem.ts'
import type { ServiceSource } from '../../model.ts'
import { liveContainer } from '../containers.run.ts'
import { environmentOf, servingAs } from '../service.run.ts'
import { serviceConnection, serviceVariables } from './connection.ts'
import { variablesOf } from '../variables.run.ts'
import type { PostgresDoor } from './session.run.ts'

export type InsideDoor = PostgresDoor & { database: string }

/**
 * PostgreSQL's programs in the database's own container, over its own socket, which lets them in without a
 * password. It is quick, starts nothing and needs no record of a release. `settings` are of the sessions.
 */
export const insideDoor = async (
  engine: Engine,
  project: string,
  { service, database }: ServiceSource,
  { signal, settings }: { signal: AbortSignal; settings: Record<string, string> },
): Promise<InsideDoor> => {
  const found = await servingAs(engine, project, service)
  if (!found) throw notThere(service)
  const { Name, TaskTemplate } = found.Spec
  const env = environmentOf(TaskTemplate.ContainerSpec.Env)
  const values = await variablesOf({ env, swarmService: Name, service }, serviceVariables, engine)
  const connection = serviceConnection(service, values, database)
  return {
    engine,
    container: await liveContainer(engine, Name, service),
    user: '',
    // What the service itself was given must not lead elsewhere.
    env: Object.entries({
      PGHOST: '',
      PGHOSTADDR: '',
      PGPORT: connection.port,
      PGUSER: connection.user,
      PGAPPNAME: 'zarpe',
      PGCONNECT_TIMEOUT: '5',
      PGCLIENTENCODING: 'UTF8',
      PGOPTIONS: Object.entries(settings)
        .map(([name, value]) => `-c ${name}=${value}`)
        .join(' '),
      LC_ALL: 'C',
    }).map(([name, value]) => `${name}=${value}`),
    signal,
    database: connection.database,
  }
}

/** For questions that change nothing and must not make anybody wait. */
export const carefulSettings = {
  default_transaction_read_only: 'on',
  statement_timeout: '5000',
  lock_timeout: '1000',
  TimeZone: 'UTC',
  DateStyle: 'ISO',
}

const notThere = (service: string) =>
  new Problem({
    code: 'data/not-running',
    summary: 'A service that keeps data does not run.',
    detail: `No task of "${service}" is to run: it is not released, or scaled to 0.`,
    fix: ['zarpe status', `zarpe scale ${service}=1`, 'zarpe deploy'],
  })
