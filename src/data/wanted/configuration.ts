import { keepOf } from './keep.ts'
import type { DatasetWanted, DataSources } from './wanted.ts'

/** What the configuration is called among what is backed up. */
export const configurationName = 'configuration'

/** What the product is made from, if zarpe.yml wants it backed up. */
export const configurationOf = (sources: DataSources): DatasetWanted[] => {
  const { configuration } = sources.config.backups
  if (!configuration) return []
  const keep = keepOf(sources, ['backups', 'configuration'], configuration)
  const dataset = {
    name: configurationName,
    kind: 'configuration' as const,
    files: sources.written,
    at: [configuration.at].flat(),
    keep: keep.rules,
    expect: [],
    beforeMigrations: false,
  }
  return [{ dataset, problems: keep.problems }]
}
