/** An IPv4 subnet as the first address and the count of addresses, both as numbers. */
type Range = { first: number; size: number }

const range = (subnet: string): Range | null => {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)(?:\/(\d+))?$/.exec(subnet)
  if (!match) return null
  const [a, b, c, d] = match.slice(1, 5).map(Number) as [number, number, number, number]
  const prefix = match[5] === undefined ? 32 : Number(match[5])
  if ([a, b, c, d].some((part) => part > 255) || prefix > 32) return null
  const size = 2 ** (32 - prefix)
  const address = ((a * 256 + b) * 256 + c) * 256 + d
  return { first: address - (address % size), size }
}

/** Whether two IPv4 subnets share an address; anything that is not IPv4 overlaps nothing. */
export const overlaps = (left: string, right: string): boolean => {
  const one = range(left)
  const other = range(right)
  if (!one || !other) return false
  return one.first < other.first + other.size && other.first < one.first + one.size
}

/** The first of the candidates that overlaps none of the subnets in use. */
export const firstFree = (candidates: string[], inUse: string[]): string | undefined =>
  candidates.find((candidate) => !inUse.some((used) => overlaps(candidate, used)))

const privateSubnets = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '127.0.0.0/8',
  '169.254.0.0/16',
]

/** Whether an address (IPv4 or IPv6, without prefix) can be reached from anywhere. */
export const isPublicAddress = (address: string): boolean =>
  address.includes(':')
    ? /^[23]/.test(address)
    : range(address) !== null && !privateSubnets.some((subnet) => overlaps(address, subnet))
