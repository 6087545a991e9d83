// What the agent does with a store, alone: reads its settings from stdin and lists what it has.
import { text } from 'node:stream/consumers'
import type { StoreSettings } from '../../../src/data/store.ts'
import { openStore } from '../../../src/data/stores/table.ts'

const store = await openStore(JSON.parse(await text(process.stdin)) as StoreSettings)
const context = { signal: AbortSignal.timeout(30_000), note: () => undefined }
console.log(JSON.stringify(await store.list('', context)))
await store.close()
