import type { Facts } from '../model.ts'

/** Addresses at which a server is reached from outside, as far as it knows them itself. */
export const outsideAddresses = ({ addresses, outsideInterfaces }: Facts): string[] =>
  addresses.filter(({ device }) => outsideInterfaces.includes(device)).map(({ address }) => address)
