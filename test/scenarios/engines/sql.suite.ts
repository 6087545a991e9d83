import { readFileSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from '../../../scripts/bundle.ts'
import { problemIn } from '../../lab/cli.ts'
import type { Project } from '../../lab/project.ts'
import { sqlServer } from './kinds.ts'
import { backup, backupOk, inService, onServer, project, proven, told } from './shelf.ts'

/** Databases of MariaDB, or of MySQL, whichever is tried. */
export const sqlDatabases = (shelf: () => Project, findsDamage: (id: string) => Promise<void>) => {
  const client = `${sqlServer.client} --user=root --password="$${sqlServer.password}" --batch --skip-column-names`
  const sql = (text: string) => inService('sql', `${client} --execute ${quotedForShell(text)}`)
  const state = () =>
    inService(
      'sql',
      `${client} --execute 'CHECKSUM TABLE shop.items, shop.empty_one, shop.loose, \`second-one\`.t; SELECT count(*), min(id) FROM shop.orders; SELECT * FROM shop.dear; SELECT shop.twice(4); SHOW GRANTS FOR reader@\`%\`; SELECT user, host FROM mysql.user WHERE host LIKE "%\\%%" OR host IN ("", "localhost") ORDER BY 1, 2; SELECT trigger_name, action_statement FROM information_schema.triggers; SHOW EVENTS IN shop; ${sqlServer.state}'`,
    )
  let before: string
  let id: string

  it('are taken in one snapshot while somebody writes', async () => {
    for (const name of ['hostile.sql', sqlServer.fixture]) {
      const hostile = readFileSync(join(root, 'test', 'fixtures', 'engines', name), 'utf8')
      await inService('sql', client, hostile)
    }
    const writing = inService(
      'sql',
      `i=0; while [ ! -e /tmp/enough ]; do i=$((i + 1)); ${client} --execute "INSERT INTO shop.orders (note) VALUES ($i); INSERT INTO shop.items (order_id) SELECT max(id) FROM shop.orders; UPDATE shop.items SET ratio = $i ORDER BY id DESC LIMIT 3"; done; echo $i`,
    )
    try {
      id = await proven(shelf(), 'sql')
      await proven(shelf(), 'sql')
    } finally {
      await inService('sql', 'touch /tmp/enough')
    }
    expect(Number(await writing)).toBeGreaterThan(3)
    id = await proven(shelf(), 'sql')
    before = await state()
    const shown = await told(shelf(), ['show', id])
    expect(shown).toContain('shop.odd `name  2 rows')
    expect(shown).toContain('shop.loose  is MyISAM, which has no snapshots')
    expect(shown).toContain('shop.items  ratio is FLOAT, of which a dump has six digits')
  })

  it('that were damaged in a copy are found', () => findsDamage(id))

  it('come back whole, and go back', async () => {
    await sql(
      'SET foreign_key_checks = 0; DROP TABLE shop.items; DROP DATABASE `second-one`; CREATE TABLE shop.since (id int)',
    )
    const dry = await told(shelf(), ['restore', id, '--dry-run'])
    expect(dry).toMatch(/shop\.items: [\d,]+ rows more/)
    await backupOk(shelf(), ['restore', id])
    expect(await state()).toBe(before)
    const reader = `${sqlServer.client} --user=reader --password='read it' --host=127.0.0.1 --batch --skip-column-names`
    expect(await inService('sql', `${reader} --execute 'SELECT count(*) FROM shop.dear'`)).toBe('1')
    await backupOk(shelf(), ['undo'])
    expect(await sql("SHOW TABLES IN shop LIKE 'since'")).toBe('since')
    await backupOk(shelf(), ['undo'])
    expect(await state()).toBe(before)
    await backupOk(shelf(), ['discard'])
    expect(await onServer(`ls -A /var/lib/docker/volumes/${project}_sql`)).toBe('_data')
  })

  it('come out table by table, and go back where one is gone', async () => {
    const to = join(shelf().folder, 'tables.sql')
    const extracted = async (...argv: string[]) => {
      await backupOk(shelf(), ['extract', id, ...argv, '--to', to])
      const text = readFileSync(to, 'utf8')
      rmSync(to)
      return text
    }
    const more = sqlServer.tables.map((name) => `shop.${name}`)
    const items = await extracted('items', 'shop.odd `name', ...more)
    await expect(inService('sql', client, items)).rejects.toThrow(/already exists/)
    expect(await state()).toBe(before)
    const odd = await sql('SELECT * FROM shop.`odd ``name`')
    await sql(
      'SET foreign_key_checks = 0; DROP TABLE shop.items, shop.`odd ``name`' +
        more.map((name) => `, ${name}`).join(''),
    )
    await inService('sql', client, items)
    expect(await state()).toBe(before)
    expect(await sql('SELECT * FROM shop.`odd ``name`')).toBe(odd)
    await inService(
      'sql',
      client,
      await extracted('shop.orders', 't', 'hidden', '--beside', 'res`cued'),
    )
    const rows = 'SELECT count(*), min(id) FROM'
    expect(await sql(`${rows} \`res\`\`cued\`.orders`)).toBe(await sql(`${rows} shop.orders`))
    expect(await sql('SELECT id, secret FROM `res``cued`.hidden')).toBe('1\t2\n2\t7')
    await sql('DROP DATABASE `res``cued`')
    const refused = await backup(shelf(), ['extract', id, 'shop.orders', 't', '--to', to])
    expect(problemIn(refused)).toMatchObject({ code: 'data/extract-how' })
    expect(existsSync(to)).toBe(false)
  })
}

const quotedForShell = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
