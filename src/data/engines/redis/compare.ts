import type { RedisContents } from '../../held.ts'

/** What was found in a restored server, as the manifest has it. */
export type RedisFound = Pick<RedisContents, 'databases' | 'digest' | 'functionsSha256'>

/** Every difference between what was backed up and what was restored, one line each. */
export const redisDifferences = (wanted: RedisFound, found: RedisFound): string[] => {
  const numbers = new Set([...wanted.databases, ...found.databases].map(({ number }) => number))
  const counts = [...numbers].flatMap((number) => {
    const [then, now] = [wanted, found].map(
      ({ databases }) => databases.find((each) => each.number === number)?.keys ?? 0,
    )
    return then === now ? [] : [`database ${number} has ${now} keys, not ${then}`]
  })
  return [
    ...counts,
    ...(counts.length === 0 && wanted.digest !== found.digest
      ? ['its keys are all there, but other values in them']
      : []),
    ...(wanted.functionsSha256 === found.functionsSha256 ? [] : ['its functions differ']),
  ]
}
