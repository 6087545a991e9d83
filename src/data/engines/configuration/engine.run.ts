import { removePath, within } from '../../../io/host/files/durable.ts'
import { makeFolder } from '../../../io/host/files/files.ts'
import { Problem } from '../../../problem/problem.ts'
import type { DataContext, DataEngine } from '../../engine.ts'
import type { ConfigurationContents } from '../../held.ts'
import type { ConfigurationDataset } from '../../model.ts'
import { extract } from '../volume/extract.run.ts'
import { prove } from '../volume/proof.run.ts'
import { packed } from '../volume/tree.run.ts'
import { stage } from './stage.run.ts'

const take = async (
  dataset: ConfigurationDataset,
  context: DataContext,
): Promise<ConfigurationContents> => {
  const staged = within(context.folder, 'staged')
  await makeFolder(staged, { mode: 0o700 })
  await stage(dataset, context.project, staged)
  const { held } = await packed(staged, context)
  await removePath(staged)
  return { kind: 'configuration', ...held }
}

const notPutBack = (): never => {
  throw new Problem({
    code: 'data/not-put-back',
    summary: 'The configuration is taken out of a backup, and not put in place by one.',
    detail:
      'Its files belong into a repository, and what a server keeps of releases is made anew by a deploy.',
    fix: [
      'zarpe backup extract . --dataset configuration --to configuration.tar',
      'zarpe deploy    # from the folder project of it',
    ],
  })
}

const nothing = () => Promise.resolve([])

/** What the product is made from, as the tree of files that a volume is; nothing of it is ever live data. */
export const configuration: DataEngine<ConfigurationDataset, ConfigurationContents> = {
  take,
  prove,
  load: notPutBack,
  swap: notPutBack,
  there: () => Promise.resolve(false),
  discard: notPutBack,
  weighsBy: [],
  weigh: nothing,
  expect: nothing,
  extract,
  names: notPutBack,
  summary: ({ files, bytes }) => ({ units: files, unit: 'file', rows: bytes, row: 'byte' }),
}
