import { basename } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files in the order that `npm test` asks for: see scripts/test/lanes.ts. */
class AsAsked extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const order = process.env['ZARPE_TEST_ORDER']?.split(',')
    if (!order) return super.sort(files)
    const at = (file: TestSpecification) => order.indexOf(basename(file.moduleId, '.test.ts'))
    return files.toSorted((left, right) => at(left) - at(right))
  }
}

// `unit` is part of `npm run check`; `scenarios` needs the lab and runs one file after the other.
export default defineConfig({
  test: {
    sequence: { sequencer: AsAsked },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'test/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // A process for each of so many small files takes longer than all they do.
          isolate: false,
          pool: 'forks',
          maxWorkers: '100%',
        },
      },
      {
        test: {
          name: 'scenarios',
          include: ['test/scenarios/**/*.test.ts'],
          setupFiles: ['test/lab/owned.ts'],
          testTimeout: 600_000,
          hookTimeout: 900_000,
          fileParallelism: false,
          maxWorkers: 1,
          bail: 0,
        },
      },
    ],
  },
})
