/**
 * What a broker's program says of a failure, without what it may quote of the definitions: hashes of passwords, and
 * logins in the addresses of other brokers.
 */
export const withoutSecrets = (said: string): string =>
  said
    .replaceAll(/[A-Za-z0-9+/_-]{24,}={0,2}/g, '…')
    .replaceAll(/:\/\/[^@/\s]*@/g, '://…@')
    .replaceAll(/("?(?:password|passwd|secret|uri)[\w-]*"?\s*(?:=>|[:=])\s*).*/gi, '$1…')
