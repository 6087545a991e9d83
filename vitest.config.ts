import { defineConfig } from 'vitest/config'

// `unit` is part of `npm run check`; `scenarios` needs the lab and runs one file after the other.
export default defineConfig({
  test: {
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
