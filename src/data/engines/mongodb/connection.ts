import { passwordPath, workPath } from '../places.ts'

// How MongoDB's programs are called. Pure; nothing secret is in any argument.

export const loginVariables = ['MONGO_INITDB_ROOT_USERNAME', 'MONGO_INITDB_ROOT_PASSWORD']

export type Login = { user: string; password: string }

/** The superuser that the official image makes; null where it makes none, and everybody may do everything. */
export const rootLogin = (values: Record<string, string>): Login | null => {
  const [user, password] = loginVariables.map((name) => values[name] ?? '')
  return user && password ? { user, password } : null
}

/** A configuration file of the tools, in YAML; the shell's script reads it too. */
export const passwordFile = (password: string): string => `password: ${JSON.stringify(password)}\n`

export const portIn = (args: string[]): number => {
  const at = args.indexOf('--port')
  const glued = args.find((each) => each.startsWith('--port='))?.slice('--port='.length)
  return Number(glued ?? (at >= 0 ? args[at + 1] : undefined)) || 27_017
}

/** Where a server is, and as whom it is spoken to. */
export type Where = { host: string; port: number; user: string | null }

const toolOptions = ({ host, port, user }: Where) => [
  `--host=${host}`,
  `--port=${port}`,
  ...(user === null
    ? []
    : [`--config=${passwordPath}`, `--username=${user}`, '--authenticationDatabase=admin']),
]

/** The whole server in one file. A replica set's log of changes brings all of it to the moment at which the dump ends. */
export const dumpArgv = (where: Where, file: string, isReplicaSet: boolean): string[] => [
  'mongodump',
  ...toolOptions(where),
  `--archive=${workPath}/${file}`,
  ...(isReplicaSet ? ['--oplog'] : []),
]

/** What a server keeps for itself, such as its sessions, is made anew by each. */
export const restoreArgv = (where: Where, file: string, isReplicaSet: boolean): string[] => [
  'mongorestore',
  ...toolOptions(where),
  `--archive=${workPath}/${file}`,
  '--nsExclude=config.*',
  '--stopOnError',
  ...(isReplicaSet ? ['--oplogReplay'] : []),
]

export const shellArgv = (file: string): string[] => [
  ...['mongosh', '--norc', '--quiet', '--nodb', '--file', `${workPath}/${file}`],
]

/** Options by which a server lays its files out: one that opens the folder later must have the same. */
const shaping = new Set(['--directoryperdb', '--wiredTigerDirectoryForIndexes'])

export const serverArgv = (args: string[]): string[] => [
  ...['mongod', '--bind_ip', '127.0.0.1', '--dbpath', dataFolder],
  ...args.filter((each) => shaping.has(each)),
]

/** Where the official image keeps its data. */
export const dataFolder = '/data/db'
