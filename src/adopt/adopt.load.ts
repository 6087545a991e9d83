import { dirname } from 'node:path'
import { parseDotenv } from '../app/dotenv.ts'
import { placeholdersFor } from '../check/project/values.load.ts'
import { checkCompose } from '../compose/check.ts'
import { envFilesOf } from '../compose/env-files.ts'
import { type ComposeSource, type ComposeTexts, mergeCompose, mergeTexts } from '../compose/load.ts'
import type { ComposeProject } from '../compose/model.ts'
import { appName } from '../config/init.command.ts'
import type { Adopted, Found } from '../config/init.render.ts'
import { locate, type Located } from '../config/places.ts'
import { absolute, namesIn, within } from '../io/host/files/durable.ts'
import { readOwnedIfThere, readOwnedText } from '../io/host/files/owned.ts'
import { Problem, type ProblemData, Problems } from '../problem/problem.ts'
import { keepersOf } from './keeps.ts'
import { type Marked, markedServices } from './marked.ts'
import { isMarked, markedWhy, type Marks, openMarks, type Variable } from './marks.ts'
import { migrationOf } from './migration.ts'
import type { Left } from './model.ts'
import { type Overlay, overlayFor } from './overlay.ts'
import { ownTexts } from './own-texts.ts'
import { loadProxies, type Proxy } from './proxies.load.ts'
import { servicePlace } from './proxies.ts'
import { adoptedHeaders, adoptedRoutes } from './routes.ts'

/** All that was found out of a project, and what is to be written for it. */
export type Adoption = {
  found: Found & { adopted: Adopted }
  overlay: Overlay
  left: Left[]
  /** What to know besides. */
  notes: string[]
}

/** Looks at a project's own Compose files and whatever they name. Changes nothing. */
export const loadAdoption = async (folder: string, names: string[]): Promise<Adoption> => {
  const sources = await sourcesOf(folder, names)
  const files = sources.map(({ file, text }) => locate(file, text))
  const wrong = files
    .flatMap((file) => checkCompose(file).problems)
    .filter(({ code }) => /^compose\/(not-yaml|empty)$/.test(code))
  if (wrong.length > 0) throw new Problems(wrong)
  const app = appName(nameOf(files) ?? absolute(folder))
  const variables = await variablesFor(folder, sources)
  const values = Object.fromEntries(
    Object.entries(variables).map(([name, { value }]) => [name, value]),
  )
  const top = absolute(folder)
  const { project } = await mergeCompose(top, sources, values, 'production')
  const texts = (await mergeTexts(top, sources, values)) ?? ownTexts(project, files)
  const marks = openMarks(variables)
  const marked = markedServices(project, texts, variables, marks)
  const proxies = await loadProxies({ folder, compose: project, marked, known: marks.known, files })
  const beside = await namesIn(folder)
  const adoption = adoptionOf({ app, files, project, marked, marks, proxies, names: beside })
  return { ...adoption, notes: [...partialNotes(texts), ...adoption.notes] }
}

/** Where Compose would not join files with every `${…}` left in place. */
const partialNotes = ({ services }: ComposeTexts): string[] =>
  Object.entries(services).flatMap(([name, { isPartial }]) =>
    isPartial
      ? [
          `${name}: what an included or extended file says of it was not looked at for routes, a port or a migration, because Compose does not read it without values`,
        ]
      : [],
  )

type Parts = {
  app: string
  files: Located[]
  project: ComposeProject
  marked: Marked
  marks: Marks
  proxies: Proxy[]
  names: string[]
}

const adoptionOf = ({ app, files, project, marked, marks, proxies, names }: Parts): Adoption => {
  const { routes, left: odd } = adoptedRoutes(
    proxies.flatMap(({ reading }) => reading.ways),
    `${app}.example`,
  )
  const { headers, left: oddHeaders } = adoptedHeaders(
    proxies.flatMap(({ reading }) => reading.headers),
  )
  const { migrate, left: oddMigrations } = migrationIn(project, marked, files)
  const { email, left: oddEmail } = emailOf(proxies)
  const replaced = [
    ...replacedProxies(proxies, project),
    ...(migrate ? [{ service: migrate.from, why: 'it is release.migrate in zarpe.yml' }] : []),
  ]
  const gone = new Set(replaced.map(({ service }) => service))
  const left = [
    ...proxies.flatMap(({ reading }) => reading.left),
    ...odd,
    ...oddHeaders,
    ...oddEmail,
    ...oddMigrations,
  ].map(({ what, why, place }) => ({ what: marks.show(what), why: marks.show(why), place }))
  const services = Object.entries(project.services).filter(([name]) => !gone.has(name))
  return {
    overlay: overlayFor(files, project, replaced),
    left,
    notes: notesOn(files, project, proxies, names, gone),
    found: {
      app,
      compose: files.map(({ file }) => file),
      services: services.map(([name]) => ({ name, port: marked[name]?.port ?? null })),
      environmentFiles: [],
      adopted: {
        routes,
        headers,
        email,
        migrate,
        keepers: keepersOf({ ...project, services: Object.fromEntries(services) }, marked),
        left: left.map(({ what, why, place }) => `${place.file}:${place.line} ${what}: ${why}`),
      },
    },
  }
}

const migrationIn = (project: ComposeProject, marked: Marked, files: Located[]) => {
  const { migrate, left } = migrationOf(project, marked)
  return {
    migrate,
    left: left.map(({ service, why }) => ({
      what: `service ${service}, for which others wait`,
      why,
      place: servicePlace(files, service),
    })),
  }
}

const emailOf = (proxies: Proxy[]): { email: string | null; left: Left[] } => {
  const found = proxies.map(({ reading }) => reading.email).find((each) => each !== null)
  return found && isMarked(found.address)
    ? {
        email: null,
        left: [{ what: `email ${found.address}`, why: markedWhy, place: found.place }],
      }
    : { email: found?.address ?? null, left: [] }
}

/** Proxies of which every way became a route, or that Zarpe's edge cannot run beside. */
const replacedProxies = (proxies: Proxy[], { services }: ComposeProject): Overlay['replaced'] =>
  proxies
    .filter(({ service, reading }) => service !== '' && !reading.serves)
    .filter(({ kind, reading }) => kind === 'traefik' || reading.ways.length > 0)
    // Compose refuses the file if another service, in the short form, still waits for it.
    .filter(({ service }) => Object.hasOwn(services, service))
    .map(({ service }) => ({ service, why: 'the edge answers in its place' }))

const notesOn = (
  files: Located[],
  project: ComposeProject,
  proxies: Proxy[],
  names: string[],
  gone: Set<string>,
): string[] => {
  const hidden = profilesOf(files).filter(
    ({ service }) => !Object.hasOwn(project.services, service),
  )
  const kept = proxies.filter(({ service }) => service !== '' && !gone.has(service))
  return [
    ...hidden.map(
      ({ service, profiles }) =>
        `${service} is left out, as Compose does without its profile; to release it: COMPOSE_PROFILES=${profiles[0]} in .env.production`,
    ),
    ...kept.map(({ service, kind, reading }) =>
      kind === 'unread'
        ? `${service} looks like a proxy whose configuration Zarpe does not read: write its routes, then take it out`
        : reading.serves
          ? `${service} stays, because it also answers by itself`
          : `${service} stays, because nothing of it could be understood`,
    ),
    ...otherEnvFiles(files).map(
      ([file, services]) =>
        `${services.join(', ')}: env_file is ${file}, and what it holds on this machine is what would be released`,
    ),
    ...(names.includes('.env') && !names.includes('.env.production')
      ? [
          '.env is not read for ${…}; if it has the values of production: cp .env .env.production && chmod 600 .env.production',
        ]
      : []),
  ]
}

type Raw = { profiles?: unknown }

const rawServices = (files: Located[]): [string, Raw][] =>
  files.flatMap(({ value }) => {
    const { services } = (value ?? {}) as { services?: Record<string, Raw | null> | null }
    return Object.entries(services ?? {}).map(([name, each]): [string, Raw] => [name, each ?? {}])
  })

const profilesOf = (files: Located[]) =>
  rawServices(files).flatMap(([service, { profiles }]) =>
    Array.isArray(profiles) && profiles.length > 0
      ? [{ service, profiles: profiles.map(String) }]
      : [],
  )

/** Each file that services take variables from, with those services. */
const otherEnvFiles = (files: Located[]): [string, string[]][] => {
  const found = new Map<string, string[]>()
  for (const { service, file } of envFilesOf(files))
    // That one is where Zarpe reads values too.
    if (file.replace(/^\.\//, '') !== '.env.production')
      found.set(file, [...(found.get(file) ?? []), service])
  return [...found]
}

const nameOf = (files: Located[]): string | null => {
  const names = files.map(({ value }) => (value as { name?: unknown } | null)?.name)
  const last = names.findLast((name) => typeof name === 'string')
  return typeof last === 'string' && !last.includes('$') ? last : null
}

const sourcesOf = async (folder: string, names: string[]): Promise<ComposeSource[]> => {
  if (dirname(names[0]!) !== '.') throw elsewhere(names)
  const sources = await Promise.all(
    names.map(async (file) => ({ file, text: await readOwnedText(within(folder, file)) })),
  )
  const missing = sources.filter(({ text }) => text === null)
  if (missing.length > 0) throw new Problems(missing.map(({ file }) => noFile(file)))
  return sources.map(({ file, text }) => ({ file, text: text ?? '' }))
}

/** What `docker compose` would have filled in here, and stand-ins for the rest, for the form of the files. */
const variablesFor = async (
  folder: string,
  sources: ComposeSource[],
): Promise<Record<string, Variable>> => {
  const stand = Object.entries(placeholdersFor(sources)).map(
    ([name, value]) => [name, { name, value, isReal: false }] as const,
  )
  const known = await Promise.all(
    ['.env', '.env.production'].map(async (file) => {
      const bytes = await readOwnedIfThere(within(folder, file))
      const { values } = parseDotenv(file, bytes?.toString('utf8') ?? '')
      return Object.entries(values)
        .filter(([name, value]) => value !== '' && !name.startsWith('COMPOSE_'))
        .map(([name, value]) => [name, { name, value, isReal: true }] as const)
    }),
  )
  return Object.fromEntries([...stand, ...known.flat()])
}

const elsewhere = (names: string[]) =>
  new Problem({
    code: 'config/compose-elsewhere',
    summary: 'zarpe.yml belongs beside the first Compose file.',
    detail: `Paths in ${names[0]} count from its own folder, and Zarpe counts them from that of zarpe.yml.`,
    fix: [`zarpe -C ${dirname(names[0]!)} init --from …    # with paths from there`],
  })

const noFile = (file: string): ProblemData => ({
  code: 'compose/missing-file',
  summary: 'The Compose file does not exist.',
  detail: `--from names ${file}, which is not there.`,
  fix: ['ls *.yml *.yaml'],
})
