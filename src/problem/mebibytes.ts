/** An amount of memory or disk, as people read it: `512 MiB`. */
export const mebibytes = (bytes: number): string => `${Math.round(bytes / 1_048_576)} MiB`
