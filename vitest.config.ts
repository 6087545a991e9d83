import { defineConfig } from 'vitest/config'

// `unit` is part of `npm run check`; `scenarios` needs the lab and runs one file after the other.
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['src/**/*.test.ts', 'test/*.test.ts'], testTimeout: 20_000 } },
      {
        test: {
          name: 'scenarios',
          include: ['test/scenarios/**/*.test.ts'],
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
