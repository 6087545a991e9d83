import { z } from 'zod'
import { name } from './names.ts'
import { rate } from './rate.ts'
import { pointInTime, type retention, times } from './times.ts'

// The part of zarpe.yml about data: what is backed up, when, and for how long.

const beforeMigrationsMeaning =
  'Whether a release that migrates takes a backup first, which `rollback --with-data` brings back.'

const paced = {
  rate: rate
    .optional()
    .describe(
      [
        'How many bytes a second are read of the live data at most, such as `20M`. A table is counted in one go,',
        'and the next one is waited with. Default: as many as it takes. Not for Redis and RabbitMQ.',
      ].join(' '),
    ),
}

const backup = z
  .strictObject({
    ...times,
    ...paced,
    priority: z
      .enum(['low', 'normal'])
      .default('low')
      .describe(
        [
          '`low`: gives way to what serves, and a proof leaves half of the processors alone. `normal`: as fast as it goes,',
          'for servers that have nothing to do meanwhile.',
        ].join(' '),
      ),
    point_in_time: pointInTime.optional(),
    before_migrations: z
      .boolean()
      .optional()
      .describe(`${beforeMigrationsMeaning} Default: true; of RabbitMQ false.`),
    jobs: z
      .int()
      .min(1)
      .max(32)
      .default(1)
      .describe(
        [
          'How many tables are dumped, and restored for the proof, at once. More is faster and takes more from the app.',
          'A proof uses what processors `priority` leaves it in any case.',
        ].join(' '),
      ),
  })
  .describe('When backups are taken and how long they are kept.')

const expect = z
  .record(z.string().min(1), z.string().min(1))
  .describe(
    [
      'What must be true of the data: a table and its number of rows, or a query and its answer, as in',
      '`users: ">= 1"`; of Redis `db0` and its number of keys, or a command and its answer; of RabbitMQ a kind of',
      'definition, as in `queues: ">= 3"`; of MongoDB a collection, as in `shop.orders: ">= 1"`. Asked of every',
      'backup that is proven, and of the live data after a migration.',
    ].join(' '),
  )

const postgres = z
  .union([
    z.strictObject({
      service: z.string().describe('A service of the Compose file; user and password are its own.'),
      database: z.string().optional().describe('Default: `POSTGRES_DB` of the service.'),
    }),
    z.strictObject({
      url: z
        .string()
        .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must name a variable that holds the URL')
        .describe('The variable whose value is the URL of a database elsewhere.'),
      image: z
        .string()
        .describe('An image with client programs of the server’s version, such as `postgres:17`.'),
    }),
  ])
  .describe('A PostgreSQL database, version 14 to 18.')

const redis = z
  .strictObject({
    service: z.string().describe('A service of the Compose file.'),
    password: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must name a variable that holds the password')
      .optional()
      .describe(
        'The variable whose value is the password. Default: that of `--requirepass` in its command, if it has one.',
      ),
  })
  .describe('A Redis, or what speaks its language, such as Valkey.')

const mysql = z
  .strictObject({
    service: z
      .string()
      .describe('A service of the Compose file; its root password is one of its variables.'),
  })
  .describe('A MariaDB or MySQL, with every database that it has.')

const rabbitmq = z
  .strictObject({ service: z.string().describe('A service of the Compose file.') })
  .describe(
    'A RabbitMQ: its users, virtual hosts, rights, queues, exchanges, bindings and policies. Its messages are in no backup.',
  )

const mongodb = z
  .strictObject({
    service: z
      .string()
      .describe('A service of the Compose file; its root login is two of its variables.'),
  })
  .describe(
    'A MongoDB, with every database that it has. Not exercised against a real server yet: see docs/guide/backups.md.',
  )

/** Each database is of one of these. */
const databaseKinds = ['postgres', 'mysql', 'redis', 'rabbitmq', 'mongodb'] as const

/** A name as PostgreSQL takes it without cutting it off. */
const identifier = z
  .string()
  .regex(/^[^\p{Cc}]{1,63}$/u, 'must be a name of 63 bytes at most')
  .refine((text) => Buffer.byteLength(text) <= 63, 'must be a name of 63 bytes at most')

const roleName = identifier.regex(
  /^(?!pg_|(?:public|none)$)/,
  'must not be a name that PostgreSQL keeps for itself',
)

const schemas = z
  .array(identifier.regex(/^(?!pg_)/, 'must not be a schema of PostgreSQL itself'))
  .default([])

const role = z
  .strictObject({
    password: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must name a variable that holds the password')
      .describe('The variable whose value is its password. Never the password.'),
    read: schemas.describe('Schemas whose tables and sequences it may read.'),
    write: schemas.describe(
      'Schemas whose rows it may also insert, change and delete. It makes no tables; an owner does.',
    ),
  })
  .describe('A role that can log in.')

const provision = z
  .strictObject({
    extensions: z
      .array(identifier)
      .default([])
      .describe('Extensions of the image, such as `pg_trgm`.'),
    owner: roleName
      .optional()
      .describe('Which of `roles` the database belongs to, so that it may make tables.'),
    roles: z
      .record(roleName, role)
      .default({})
      .describe('Roles by name. Their rights hold for tables that come later too.'),
  })
  .refine(({ owner, roles }) => owner === undefined || Object.hasOwn(roles, owner), {
    error: 'must be one of `roles`',
    path: ['owner'],
  })
  .describe(
    'What a deploy makes in a PostgreSQL service where it is missing, and never takes away. See docs/guide/databases.md.',
  )

/** Whether a PostgreSQL is one of the app, which more can be done with. */
const isService = (source: z.infer<typeof postgres> | undefined) =>
  source !== undefined && 'service' in source

const database = z
  .strictObject({
    postgres: postgres.optional(),
    mysql: mysql.optional(),
    redis: redis.optional(),
    rabbitmq: rabbitmq.optional(),
    mongodb: mongodb.optional(),
    provision: provision.optional(),
    backup: backup.prefault({}),
    expect: expect.default({}),
  })
  .refine(
    (each) => databaseKinds.filter((kind) => each[kind] !== undefined).length === 1,
    `must have exactly one of ${databaseKinds.join(', ')}`,
  )
  .refine(({ provision: given, postgres: source }) => given === undefined || isService(source), {
    error: 'is for `postgres` with a `service`',
    path: ['provision'],
  })
  .refine(
    ({ backup: { point_in_time: given }, postgres: source }) =>
      given === undefined || isService(source),
    { error: 'is for `postgres` with a `service`', path: ['backup', 'point_in_time'] },
  )
  .refine(
    ({ backup: { rate: given }, redis, rabbitmq }) =>
      given === undefined || (redis === undefined && rabbitmq === undefined),
    {
      error: 'has no effect here: a server of this kind gives all that it has at once',
      path: ['backup', 'rate'],
    },
  )
  .describe('A database that is backed up.')

export const databases = z.record(name, database).describe('Databases, by names of your choice.')

export const backups = z
  .strictObject({
    encrypt: z
      .boolean()
      .default(false)
      .describe(
        'Whether copies that leave the server are encrypted for `secrets.recipients`. The server cannot read them then.',
      ),
    configuration: z
      .strictObject(times)
      .optional()
      .describe(
        [
          'Backs up what the product is made from, as data called `configuration`: zarpe.yml, the Compose files,',
          '`.env.schema` and the encrypted values as they were deployed, and what the server keeps of releases and the edge.',
        ].join(' '),
      ),
  })
  .describe('What holds for all backups.')

const volumeBackup = z
  .strictObject({
    ...times,
    ...paced,
    before_migrations: z.boolean().default(false).describe(beforeMigrationsMeaning),
  })
  .describe('When backups are taken and how long they are kept.')

const volume = z
  .strictObject({
    volume: z
      .string()
      .optional()
      .describe('The name that the Compose file has for it. Default: the same.'),
    backup: volumeBackup.prefault({}),
    expect: z
      .record(z.string().min(1), z.string().min(1))
      .default({})
      .describe(
        [
          'What must be true of the files: a file or folder of the volume and how many files it holds, as in',
          '`photos: ">= 100"`. Asked of every backup that is proven.',
        ].join(' '),
      ),
  })
  .describe('A volume whose files are backed up.')

export const volumes = z
  .record(name, volume)
  .describe('Volumes with files, by the names that the Compose file has for them.')

export type BackupConfig = z.output<typeof volumeBackup>
export type VolumeConfig = z.output<typeof volume>
export type DatabaseConfig = z.output<typeof database>
export type RetentionConfig = z.output<typeof retention>
