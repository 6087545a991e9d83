import type { Located } from '../config/places.ts'

type Raw = { env_file?: unknown }

/** The files that services take their variables from, by service, as Compose files name them. */
export const envFilesOf = (files: Located[]): { service: string; file: string }[] =>
  files.flatMap(({ value }) => {
    const { services } = (value ?? {}) as { services?: Record<string, Raw | null> | null }
    return Object.entries(services ?? {}).flatMap(([service, each]) =>
      ([each?.env_file].flat() as (string | { path?: unknown } | null | undefined)[])
        .map((named) => (typeof named === 'object' ? named?.path : named))
        .filter((file) => typeof file === 'string')
        .map((file) => ({ service, file })),
    )
  })
