/**
 * How a migration tool keeps what it has applied. To know another tool, add a row: the first that fits a table is
 * taken, so what is told apart by more columns stands before what has fewer.
 */
export type Convention = {
  tool: string
  table: string
  /** Columns that the table must have. */
  columns: string[]
  /** Whether it must have no other: many a home-made table has these too. */
  exactly?: boolean
  /** Another table of the same schema that must be there. */
  beside?: string
  /** Rows of `name`, `at` and `failed`, the newest first, from a table whose name is quoted already. */
  query: (table: string) => string
}

const newest =
  (name: string, at: string, order: string, where = 'true') =>
  (table: string) =>
    `SELECT ${name} AS name, ${at} AS at, false AS failed FROM ${table} AS t WHERE ${where} ORDER BY ${order} LIMIT 1`

/** The newest that ended well, and whichever did not. */
const withFailed =
  (parts: { name: string; at: string; order: string; well: string; failed: string }) =>
  (table: string) =>
    `(${newest(parts.name, parts.at, parts.order, parts.well)(table)})
UNION ALL (SELECT ${parts.name}, ${parts.at}, true FROM ${table} AS t WHERE ${parts.failed} ORDER BY ${parts.order} LIMIT 5)`

const none = 'NULL::text'
/** Milliseconds since the epoch. */
const millis = (column: string) => `to_timestamp(${column}::numeric / 1000)::text`

export const conventions: Convention[] = [
  {
    tool: 'Alembic',
    table: 'alembic_version',
    columns: ['version_num'],
    // One row for each branch that has a head of its own.
    query: (table) =>
      `SELECT version_num AS name, ${none} AS at, false AS failed FROM ${table} ORDER BY 1 LIMIT 20`,
  },
  {
    tool: 'Prisma',
    table: '_prisma_migrations',
    columns: ['migration_name', 'started_at', 'finished_at', 'rolled_back_at'],
    query: withFailed({
      name: 'migration_name',
      at: 'finished_at::text',
      order: 'started_at DESC',
      well: 'finished_at IS NOT NULL AND rolled_back_at IS NULL',
      failed: 'finished_at IS NULL AND rolled_back_at IS NULL',
    }),
  },
  {
    tool: 'Drizzle',
    table: '__drizzle_migrations',
    columns: ['hash', 'created_at'],
    // Younger versions keep the name too.
    query: newest(
      `coalesce(to_jsonb(t) ->> 'name', left(hash, 12))`,
      millis('created_at'),
      'created_at DESC',
    ),
  },
  {
    tool: 'Django',
    table: 'django_migrations',
    columns: ['app', 'name', 'applied'],
    query: (table) => `SELECT name, at::text, false AS failed FROM (
  SELECT DISTINCT ON (app) app || '.' || name AS name, applied AS at FROM ${table} ORDER BY app, id DESC) AS own
ORDER BY own.at DESC LIMIT 50`,
  },
  {
    tool: 'Flyway',
    table: 'flyway_schema_history',
    columns: ['installed_rank', 'version', 'description', 'success', 'installed_on'],
    query: withFailed({
      name: `concat_ws(' ', version, description)`,
      at: 'installed_on::text',
      order: 'installed_rank DESC',
      // What is repeated has no version, and says nothing of how far the schema is.
      well: 'success AND version IS NOT NULL',
      failed: 'NOT success',
    }),
  },
  {
    tool: 'Liquibase',
    table: 'databasechangelog',
    columns: ['id', 'author', 'orderexecuted', 'dateexecuted'],
    query: newest(`id || ' (' || author || ')'`, 'dateexecuted::text', 'orderexecuted DESC'),
  },
  {
    tool: 'golang-migrate',
    table: 'schema_migrations',
    columns: ['version', 'dirty'],
    query: (table) =>
      `SELECT version::text AS name, ${none} AS at, dirty AS failed FROM ${table} LIMIT 1`,
  },
  {
    tool: 'Rails',
    table: 'schema_migrations',
    columns: ['version'],
    beside: 'ar_internal_metadata',
    query: newest('version::text', none, 'version DESC'),
  },
  {
    tool: 'Ecto',
    table: 'schema_migrations',
    columns: ['version', 'inserted_at'],
    query: newest('version::text', 'inserted_at::text', 'version DESC'),
  },
  {
    tool: 'dbmate',
    table: 'schema_migrations',
    columns: ['version'],
    exactly: true,
    query: newest('version::text', none, 'version DESC'),
  },
  {
    tool: 'Knex',
    table: 'knex_migrations',
    columns: ['id', 'name', 'batch', 'migration_time'],
    query: newest('name', 'migration_time::text', 'id DESC'),
  },
  {
    tool: 'Laravel',
    table: 'migrations',
    columns: ['id', 'migration', 'batch'],
    query: newest('migration', none, 'id DESC'),
  },
  {
    tool: 'TypeORM',
    table: 'migrations',
    columns: ['id', 'timestamp', 'name'],
    query: newest('name', millis('"timestamp"'), 'id DESC'),
  },
  {
    tool: 'Sequelize',
    table: 'SequelizeMeta',
    columns: ['name'],
    query: newest('name', none, 'name DESC'),
  },
]
