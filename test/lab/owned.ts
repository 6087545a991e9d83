import { basename } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { downAllOf } from '../../src/lab/vps.ts'

// Servers that a file of scenarios made go with it; what a run of it that was ended has left goes first.
// Their apps and health checks would take the machine from the files after it.

const owner = () => basename(expect.getState().testPath ?? '', '.test.ts')

const removeOwn = async () => {
  if (!process.env['ZARPE_KEEP']) await downAllOf(owner())
}

beforeAll(async () => {
  // What the file starts, the command itself included, says so of its servers.
  process.env['ZARPE_LAB_OWNER'] = owner()
  await removeOwn()
})

afterAll(removeOwn)
