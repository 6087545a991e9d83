import { dataFoldersOf, keeps } from '../../check/reading/databases.ts'
import { volumeSource } from '../../compose/translate.ts'
import type { DatabaseConfig, VolumeConfig } from '../../config/data.ts'
import type { Located } from '../../config/places.ts'
import type { Config } from '../../config/schema.ts'
import type { ProblemData } from '../../problem/problem.ts'
import { configurationName } from './configuration.ts'
import { keepOf } from './keep.ts'
import type { Expectation } from '../model.ts'
import { rateOf } from './rate.ts'
import type { DatasetWanted, DataSources } from './wanted.ts'

/** A volume as a server is to be told of it. */
export const volumeOf = (
  sources: DataSources,
  name: string,
  config: VolumeConfig,
): DatasetWanted => {
  const { compose, project, located } = sources
  const keep = keepOf(sources, ['volumes', name, 'backup'], config.backup)
  const source = config.volume ?? name
  const path = ['volumes', name, ...(config.volume === undefined ? [] : ['volume'])]
  const place = located.placeOf(path, config.volume === undefined ? 'key' : 'value')
  const problem = Object.hasOwn(compose.volumes ?? {}, source)
    ? ofDatabase(sources, source)
    : unknownVolume(source, Object.keys(compose.volumes ?? {}))
  if (problem) return { dataset: null, problems: [{ ...problem, place }, ...keep.problems] }
  return {
    dataset: {
      name,
      kind: 'volume',
      volume: volumeSource(project, compose, source),
      at: [config.backup.at].flat(),
      keep: keep.rules,
      expect: literally(config.expect),
      beforeMigrations: config.backup.before_migrations,
      ...rateOf(config.backup),
    },
    problems: keep.problems,
  }
}

/** What is expected, where its name is what is asked. */
export const literally = (expect: Record<string, string>): Expectation[] =>
  Object.entries(expect).map(([what, is]) => ({ what, is, query: what }))

/** Files of a database that runs are no backup: what is copied of them never stood there at one moment. */
const ofDatabase = ({ compose }: DataSources, volume: string): ProblemData | null => {
  const owner = Object.entries(compose.services).find(([, service]) => {
    const folders = dataFoldersOf(service)
    const mounts = (service.volumes ?? []).filter(({ source }) => source === volume)
    return folders && mounts.some(({ target }) => folders.some((folder) => keeps(target, folder)))
  })
  if (!owner) return null
  return {
    code: 'config/volume-of-database',
    summary: 'The files of a running database are no backup.',
    detail: `Volume "${volume}" is what "${owner[0]}" keeps its data in; copied while it runs, its files do not fit together.`,
    fix: [
      `Back the database itself up: databases: { main: { ${kindOf(owner[1].image)}: { service: ${owner[0]} } } }`,
      'Or dump it into another volume, and back that up.',
    ],
  }
}

/** How zarpe.yml calls what an image is; whoever has another kind sees the form of it. */
const kindOf = (image = ''): keyof DatabaseConfig => {
  if (/rabbitmq/.test(image)) return 'rabbitmq'
  if (/mongo/.test(image)) return 'mongodb'
  return /mysql|mariadb|percona/.test(image) ? 'mysql' : 'postgres'
}

const unknownVolume = (volume: string, there: string[]): ProblemData => ({
  code: 'config/unknown-volume',
  summary: 'zarpe.yml names a volume that the Compose file does not have.',
  detail: `There is no volume "${volume}" under \`volumes\`; there are: ${there.join(', ') || 'none'}.`,
  fix: ['Correct the name, or declare the volume in the Compose file.'],
})

/** Backups are named after what they are of; two of one name would be one. */
export const sameNames = (located: Located, config: Config): ProblemData[] => [
  ...Object.keys(config.volumes)
    .filter((name) => Object.hasOwn(config.databases, name))
    .map((name) => ({
      code: 'config/same-dataset',
      summary: 'Two things that are backed up have one name.',
      detail: `"${name}" is under \`databases\` and under \`volumes\`.`,
      place: located.placeOf(['volumes', name], 'key'),
      fix: [`Give the volume another name: volumes: { ${name}-files: { volume: ${name} } }`],
    })),
  ...(config.backups.configuration ? takenByConfiguration(located, config) : []),
]

const takenByConfiguration = (located: Located, config: Config): ProblemData[] =>
  (['databases', 'volumes'] as const)
    .filter((section) => Object.hasOwn(config[section], configurationName))
    .map((section) => ({
      code: 'config/same-dataset',
      summary: 'Two things that are backed up have one name.',
      detail: `"${configurationName}" is under \`${section}\`, and \`backups.configuration\` is called so.`,
      place: located.placeOf([section, configurationName], 'key'),
      fix: [
        section === 'volumes'
          ? `Give the volume another name: volumes: { files: { volume: ${configurationName} } }`
          : 'Give the database another name.',
      ],
    }))
