/** Processors that Node and Docker call by different names. */
const names: Partial<Record<string, string>> = { x64: 'amd64', ia32: '386' }

/** The processor of this machine as Docker names it, such as `amd64` or `arm64`. */
export const ownProcessor = (arch: string = process.arch): string => names[arch] ?? arch
