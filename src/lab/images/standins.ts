import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Report } from '../home.ts'
import { baseTag, ensureBase, type Suite } from './base.ts'
import { type Given, givenFolder, givenPostgres, notGiven } from './given.ts'
import { ensureImage, folderOf, recipeOf } from './recipe.ts'

/** An image that stands in for the official ones of the names, where Docker Hub is out of reach. */
type StandIn = {
  folder: string
  names: [string, ...string[]]
  /** The Debian that has it; the newest by default. */
  suite?: Suite
  arguments?: Record<string, string>
  files?: Record<string, string>
  /** Made when somebody asks for it: it would hold everybody else up. */
  isRare?: true
  /** What it is made of, where Debian does not have that. */
  given?: Given
}

/**
 * Node 24 for Linux: the npm package's, or the program that runs this, which is the same version
 * at least and may be linked with what only this machine has.
 */
function nodeProgram(): string {
  const name = `node-linux-${process.arch}/package.json`
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), 'bin', 'node')
  } catch {
    return process.execPath
  }
}

/** A PostgreSQL that no Debian of now has. */
const postgresOf = (version: number): StandIn => ({
  folder: 'postgres-given',
  names: [`postgres:${version}`, `postgres:${version}-alpine`],
  arguments: { VERSION: String(version) },
  files: { 'entrypoint.sh': join(folderOf({ folder: 'postgres' }), 'entrypoint.sh') },
  isRare: true,
  given: givenPostgres(version),
})

const standIns: readonly StandIn[] = [
  { folder: 'caddy', names: ['caddy:2', 'caddy:2-alpine', 'caddy:latest'] },
  {
    folder: 'node',
    names: ['node:24-slim', 'node:24', 'node:24-alpine', 'node:24-trixie-slim'],
    files: { node: nodeProgram() },
  },
  { folder: 'mariadb', names: ['mariadb:11'] },
  { folder: 'mysql', names: ['mysql:9'], suite: 'sid', isRare: true },
  { folder: 'nginx', names: ['nginx:1', 'nginx:1-alpine', 'nginx:latest'] },
  {
    folder: 'postgres',
    names: ['postgres:17', 'postgres:17-alpine'],
    arguments: { VERSION: '17' },
  },
  {
    folder: 'postgres',
    names: ['postgres:15', 'postgres:15-alpine'],
    suite: 'bookworm',
    arguments: { VERSION: '15' },
    isRare: true,
  },
  {
    folder: 'postgres-18',
    names: ['postgres:18', 'postgres:18-alpine'],
    suite: 'forky',
    files: { 'initialise.sh': join(folderOf({ folder: 'postgres' }), 'entrypoint.sh') },
    isRare: true,
  },
  postgresOf(16),
  postgresOf(14),
  { folder: 'rabbitmq', names: ['rabbitmq:4'], isRare: true },
  { folder: 'redis', names: ['redis:8', 'redis:8-alpine'] },
  {
    folder: 'valkey',
    names: ['valkey/valkey:9', 'valkey/valkey:9-alpine'],
    suite: 'forky',
    isRare: true,
  },
]

const bases = ['debian:trixie-slim', 'debian:trixie']

/** Every official image that the lab can serve without Docker Hub. */
export const officialNames: readonly string[] = [
  ...bases,
  ...standIns.flatMap((standIn) => standIn.names),
]

/** Those that it always serves. */
export const usualNames: readonly string[] = [
  ...bases,
  ...standIns.filter(({ isRare }) => !isRare).flatMap(({ names }) => names),
]

/** Builds what is missing of the stand-ins by these names, and gives each all its official ones. */
export const ensureStandIns = async (wanted: readonly string[], report: Report): Promise<void> => {
  const chosen = standIns.filter(({ names }) => names.some((name) => wanted.includes(name)))
  for (const { names, suite = 'trixie', isRare: _isRare, given, ...recipe } of chosen) {
    const [tag, ...aliases] = names
    const tree = given ? givenFolder(given) : null
    if (given && tree === null) {
      // What was given once was kept as an image.
      if ((await recipeOf(tag)) !== undefined) continue
      throw notGiven(given, tag)
    }
    const files = { ...recipe.files, ...(tree === null ? {} : { tree }) }
    await ensureBase(suite, report)
    await ensureImage({ tag, aliases, base: baseTag(suite), ...recipe, files }, report)
  }
}
