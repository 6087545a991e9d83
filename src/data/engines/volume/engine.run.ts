import type { DataContext, DataEngine } from '../../engine.ts'
import type { VolumeContents } from '../../held.ts'
import type { VolumeDataset } from '../../model.ts'
import { extract } from './extract.run.ts'
import { listName } from './files.ts'
import { placeOf } from './place.run.ts'
import { prove } from './proof.run.ts'
import { discard, expect, load, swap, there, weigh } from './restore.run.ts'
import { whatWasSaid } from './said.ts'
import { packed } from './tree.run.ts'
import { wholeNames } from './whole.run.ts'

/** Packs the live files as they are met. What moves meanwhile is in the copy, and named. */
const take = async ({ volume }: VolumeDataset, context: DataContext): Promise<VolumeContents> => {
  const { live } = await placeOf(volume, context)
  const { held, said } = await packed(live, context)
  return { kind: 'volume', volume, ...held, ...whatWasSaid(said) }
}

/** The files of a volume on the server's own disk, by the server's tar. */
export const volume: DataEngine<VolumeDataset, VolumeContents> = {
  take,
  prove,
  load,
  swap,
  there,
  discard,
  weighsBy: [listName],
  weigh,
  expect,
  extract,
  names: ({ volume: name }, at) => wholeNames(name, at),
  summary: ({ files, bytes }) => ({ units: files, unit: 'file', rows: bytes, row: 'byte' }),
}
