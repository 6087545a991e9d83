import { createHash } from 'node:crypto'

/** Lines that pg_dump writes for readers, or anew each time. */
const remark =
  /^(--|-- (Name|Dumped|PostgreSQL database dump|Data for Name|TOC entry|Dependencies).*|\\(un)?restrict .*|)$/

/**
 * SHA-256 of a schema as `pg_dump --schema-only` prints it. The order of lines does not count: what
 * depends on nothing else may come in another order after a restore.
 */
export const schemaDigest = (text: string): string =>
  createHash('sha256')
    .update(
      text
        .split('\n')
        .filter((line) => !remark.test(line))
        .toSorted()
        .join('\n'),
    )
    .digest('hex')
