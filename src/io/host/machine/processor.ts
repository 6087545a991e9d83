/** Names that Node and kernels have for what Docker calls otherwise. */
const names: Partial<Record<string, string>> = {
  x64: 'amd64',
  x86_64: 'amd64',
  ia32: '386',
  aarch64: 'arm64',
}

const named = (processor: string): string => names[processor] ?? processor

/** The processor of this machine as Docker names it, such as `amd64` or `arm64`. */
export const ownProcessor = (arch: string = process.arch): string => named(arch)

/** What a processor runs beside programs of its own, as it is nearly always built and configured. */
const alsoRuns: Partial<Record<string, string[]>> = { amd64: ['386'], arm64: ['arm'] }

/** Whether an image for one processor runs on a server with another, without being emulated. */
export const runsOn = (image: string, server: string): boolean =>
  named(image) === named(server) || (alsoRuns[named(server)] ?? []).includes(named(image))
