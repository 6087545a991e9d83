import type { Configured, DataSettings } from '../model.ts'
import type { StoreSettings } from '../store.ts'

/** What may be shown of settings, and is enough to plan with. */
export const configuredOf = ({ datasets, stores, recipients }: DataSettings): Configured => ({
  datasets: datasets.map((dataset) => {
    const { name, kind, at, keep, expect } = dataset
    const from = dataset.kind === 'postgres' ? dataset.source.from : 'service'
    return { name, kind, at, keep, expect, from }
  }),
  stores: stores.map((store) => ({ name: store.name, where: whereOf(store) })),
  encrypted: recipients.length > 0,
})

/** Where a store is, for people; never with a password. */
const whereOf = (store: StoreSettings): string => {
  if (store.kind === 'local') return store.folder
  if (store.kind === 's3') return `s3://${store.bucket}/${store.prefix}`
  const port = store.port === 22 ? '' : `:${store.port}`
  return `sftp://${store.user}@${store.host}${port}${store.folder.startsWith('/') ? '' : '/'}${store.folder}`
}
