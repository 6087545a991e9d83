import { ensureServed } from '../../src/lab/mirror.ts'
import { inside } from '../../src/lab/vps.ts'
import type { Project } from './project.ts'

/** The version of PostgreSQL that is backed up; the lab has 18, 17 and 15. */
export const postgresVersion = Number(process.env['ZARPE_TEST_POSTGRES'] ?? '17')

/** Lets a project for 17 have the version that is asked for, with its data where the official image of that has it. */
export const withPostgres = async (project: Project): Promise<void> => {
  const image = `postgres:${postgresVersion}`
  await ensureServed([image], () => undefined)
  const compose = project.read('compose.yml').replace('postgres:17', image)
  const usual = ':/var/lib/postgresql/data\n'
  project.write(
    'compose.yml',
    postgresVersion < 18 ? compose : compose.replace(usual, ':/var/lib/postgresql\n'),
  )
}

/** The PostgreSQL of a service that runs on a server of the lab, past everything that is tested. */
export const liveDatabase = (server: string, service: string) => {
  const container = async (): Promise<string> => {
    const filter = `name=${service}`
    const { stdout } = await inside(server, ['docker', 'ps', '--quiet', '--filter', filter])
    return stdout.split('\n')[0]!
  }
  return {
    container,
    /** What a text of SQL prints, which ends at the first thing that fails. */
    sql: async (text: string, database: string): Promise<string> => {
      const argv = ['docker', 'exec', '--interactive', await container()]
      const client = ['psql', '--no-psqlrc', '--quiet', '--no-align', '--tuples-only']
      const options = ['--set=ON_ERROR_STOP=1', '--username=postgres', `--dbname=${database}`]
      const { code, stdout, stderr } = await inside(server, [...argv, ...client, ...options], {
        input: text,
      })
      if (code !== 0) throw new Error(`psql: ${stderr}`)
      return stdout.trim()
    },
  }
}
