import { describe, expect, it } from 'vitest'
import { conventions } from './conventions.ts'
import { appliedFrom, type MigrationTable, questionsFor, tablesQuery } from './found.ts'

const table = (schema: string, name: string, columns: string[]): MigrationTable => ({
  schema,
  name,
  columns,
})
const tools = (...tables: MigrationTable[]) => questionsFor(tables).map(({ tool }) => tool)

describe('a convention', () => {
  it.each(conventions.map((each) => [each.tool, each] as const))(
    'of %s finds its own table',
    (tool, each) => {
      const own = table('app', each.table, each.columns)
      const beside = each.beside ? [table('app', each.beside, ['key'])] : []
      expect(tools(own, ...beside)).toEqual([tool])
      const [question] = questionsFor([own, ...beside])
      expect(question!.query).toContain(`"app"."${each.table}"`)
    },
  )

  it('tells tables of the same name apart', () => {
    expect(tools(table('a', 'schema_migrations', ['version', 'dirty']))).toEqual(['golang-migrate'])
    expect(
      tools(
        table('a', 'schema_migrations', ['version']),
        table('b', 'ar_internal_metadata', ['key']),
      ),
    ).toEqual(['dbmate'])
    expect(tools(table('a', 'schema_migrations', ['version', 'checksum']))).toEqual([])
    expect(tools(table('a', 'migrations', ['id', 'what']))).toEqual([])
  })

  it('quotes the name of a hostile schema', () => {
    const [question] = questionsFor([
      table('a"; DROP', 'knex_migrations', ['id', 'name', 'batch', 'migration_time']),
    ])
    expect(question!.query).toContain('"a""; DROP"."knex_migrations"')
  })

  it('is asked of no table with a type that somebody has made in the database', () => {
    expect(tablesQuery).toMatch(/NOT EXISTS .* a\.atttypid >= 16384\)/)
  })

  it('is asked of a few tables only', () => {
    const many = Array.from({ length: 100 }, (_each, index) =>
      table(`tenant_${index}`, 'alembic_version', ['version_num']),
    )
    expect(questionsFor(many)).toHaveLength(8)
  })
})

describe('what was applied', () => {
  it('is nothing before the first', () => {
    expect(appliedFrom('Alembic', [])).toEqual([])
  })

  it('keeps apart what did not end well', () => {
    const rows = [
      { name: '2', at: '2026-01-02', failed: false },
      { name: '3', at: null, failed: true },
    ]
    expect(appliedFrom('Flyway', rows)).toEqual([
      { tool: 'Flyway', newest: [{ name: '2', at: '2026-01-02' }], failed: ['3'] },
    ])
  })
})
