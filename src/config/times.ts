import { z } from 'zod'
import { parseDuration } from './units.ts'

// When something is backed up, and for how long that is kept.

const duration = z
  .string()
  .refine((text) => parseDuration(text) !== null, 'must be a duration such as 30d or 12h')

const count = z.int().min(1).max(10_000)

export const retention = z
  .union([
    duration,
    z.strictObject({
      for: duration.optional().describe('Every copy that is younger.'),
      last: count.optional().describe('The newest so many.'),
      daily: count.optional().describe('The newest of each of the last so many days.'),
      weekly: count.optional().describe('The newest of each of the last so many weeks.'),
      monthly: count.optional().describe('The newest of each of the last so many months.'),
    }),
  ])
  .describe(
    [
      'How long a store keeps copies: a duration, or rules of which any one keeps a copy. The newest proven',
      'backup, and everything after it that may be good, is never removed.',
    ].join(' '),
  )

const time = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as "03:00", in quotes')

// The defaults are from 04:00 on: where clocks go forward by an hour, they do so at 0, 1, 2 or 3, and a timer whose time does not
// exist waits for the next night.

export const times = {
  at: z
    .union([time, z.array(time)])
    .default('05:00')
    .describe(
      [
        'When, in the server’s time zone; an empty list for none. Backups of one server take turns. A time before 04:00 may be one that',
        'does not exist in the night in which clocks go forward.',
      ].join(' '),
    ),
  keep: z
    .record(z.string(), retention)
    .optional()
    .describe(
      'Which stores get copies and for how long. `local` is the server itself. Default: 7d there, 30d in every store of `stores`.',
    ),
}

export const pointInTime = z
  .strictObject({
    keep: duration
      .default('7d')
      .describe('How far back any moment can be had, in every store that keeps copies.'),
    at: z
      .union([time, z.array(time).min(1)])
      .default('04:00')
      .describe('When base backups are taken, in the server’s time zone.'),
    full: duration
      .optional()
      .describe(
        'How old a full base backup gets before another full one is taken; those between have only what has changed. Needs PostgreSQL 17. Default: all are full.',
      ),
    between: z
      .enum(['differential', 'incremental'])
      .optional()
      .describe(
        'What the base backups between two full ones build on: `differential` on the full one, which is the default, `incremental` on the one before.',
      ),
  })
  .refine(({ full, between }) => between === undefined || full !== undefined, {
    error: 'needs `full`: without it every base backup is a full one',
    path: ['between'],
  })
  .describe(
    'Of a PostgreSQL service: base backups, and its log archived all the time, so that any moment can be brought back. See docs/guide/point-in-time.md.',
  )
