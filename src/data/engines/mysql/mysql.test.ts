import { describe, expect, it } from 'vitest'
import type { MysqlContents } from '../../held.ts'
import { mysqlDifferences } from './compare.ts'
import { optionFile, rootPassword } from './connection.ts'
import { beforeDump, besideStatements, databaseOf, refuseDatabase } from './part.ts'
import {
  countQuery,
  heldRoles,
  quoted,
  steadyDefinitions,
  tableOfGrant,
  unescaped,
  userStatements,
} from './sql.ts'

describe('sql', () => {
  it('quotes names whatever they hold', () => {
    expect(quoted('a`b')).toBe('`a``b`')
  })

  it('digests each value by what its type can show', () => {
    const columns = [
      { name: 'a', type: 'varchar' },
      { name: 'b', type: 'int' },
      { name: 'c', type: 'bit' },
      { name: 'd', type: 'point' },
    ]
    const sql = countQuery({ schema: 's', name: 't', versioned: false }, columns, 'sha256')
    expect(sql).toContain("COALESCE(SHA2(`a`, 256), 'null')")
    expect(sql).toContain('SHA2(CAST(`b` AS CHAR CHARACTER SET utf8mb4), 256)')
    expect(sql).toContain('SHA2(BIN(`c`), 256)')
    expect(sql).toContain('SHA2(HEX(`d`), 256)')
    expect(sql).not.toContain('MD5')
    const former = countQuery({ schema: 's', name: 't', versioned: true }, columns, 'md5')
    expect(former).toContain("MD5(CONCAT_WS(',', COALESCE(MD5(`a`), 'null'), ")
    expect(former).not.toContain('SHA2')
    expect(sql).toContain('FROM `s`.`t`)')
    expect(former).toContain('FROM `s`.`t` FOR SYSTEM_TIME ALL)')
  })

  it.each([
    ['a\\tb\\nc\\\\d\\0', 'a\tb\nc\\d\0'],
    ['NULL', null],
    ['plain', 'plain'],
  ])('reads the field %j', (field, text) => expect(unescaped(field)).toBe(text))

  it('compares definitions without what moves by itself', () => {
    const dump = (counter: number, version: string) => `-- MariaDB dump ${version}
/*M!999999\\- enable the sandbox mode */

CREATE TABLE \`t\` (
  \`id\` int
) ENGINE=InnoDB AUTO_INCREMENT=${counter} DEFAULT CHARSET=utf8mb4;
`
    expect(steadyDefinitions(dump(7, '1'))).toBe(steadyDefinitions(dump(900, '2')))
    expect(steadyDefinitions(dump(7, '1'))).toContain('ENGINE=InnoDB DEFAULT')
  })

  it('compares nothing of where a sequence stands', () => {
    const dump = (next: number) => `CREATE SEQUENCE \`s\` cache 5;\nDO SETVAL(\`s\`, ${next}, 0);\n`
    expect(steadyDefinitions(dump(6))).toBe(steadyDefinitions(dump(900)))
    expect(steadyDefinitions(dump(6))).toContain('CREATE SEQUENCE')
  })

  it('knows what table a right is on, and what is none', () => {
    expect(tableOfGrant('GRANT SELECT (`a`), INSERT ON `s``1`.`t ON x` TO `u`@`%`')).toEqual({
      schema: 's`1',
      name: 't ON x',
    })
    expect(tableOfGrant('GRANT SELECT ON `s`.* TO `u`@`%`')).toBe(null)
    expect(tableOfGrant('GRANT EXECUTE ON PROCEDURE `s`.`p` TO `u`@`%`')).toBe(null)
    expect(tableOfGrant('GRANT ALL PRIVILEGES ON *.* TO `u`@`%` WITH GRANT OPTION')).toBe(null)
    expect(tableOfGrant('GRANT `clerk` TO `u`@`%`')).toBe(null)
  })

  it('makes users anew whether or not they are there', () => {
    const lines = userStatements([
      {
        account: '`a`@`%`',
        created: "CREATE USER `a`@`%` IDENTIFIED BY PASSWORD '*1'",
        grants: ['GRANT SELECT ON `s`.* TO `a`@`%`', 'GRANT PROXY ON ``@`%` TO `a`@`%`'],
      },
    ])
    expect(lines).toEqual([
      'CREATE USER IF NOT EXISTS `a`@`%`',
      "ALTER USER `a`@`%` IDENTIFIED BY PASSWORD '*1'",
      'GRANT SELECT ON `s`.* TO `a`@`%`',
    ])
  })

  it('makes roles before anybody has them, and has them before they are the usual ones', () => {
    const mysql = {
      account: '`a`@`%`',
      created:
        "CREATE USER `a`@`%` IDENTIFIED WITH 'caching_sha2_password' AS 0x24 DEFAULT ROLE `r`@`%`,`r``2`@`h` REQUIRE NONE",
      grants: ['GRANT `r`@`%`,`r``2`@`h` TO `a`@`%`'],
    }
    const role = { account: '`r`@`%`', created: 'CREATE USER `r`@`%` ACCOUNT LOCK', grants: [] }
    expect(userStatements([mysql, role])).toEqual([
      'CREATE USER IF NOT EXISTS `a`@`%`',
      "ALTER USER `a`@`%` IDENTIFIED WITH 'caching_sha2_password' AS 0x24 REQUIRE NONE",
      'CREATE USER IF NOT EXISTS `r`@`%`',
      'ALTER USER `r`@`%` ACCOUNT LOCK',
      'GRANT `r`@`%`,`r``2`@`h` TO `a`@`%`',
      'ALTER USER `a`@`%` DEFAULT ROLE `r`@`%`,`r``2`@`h`',
    ])
    const ofMariadb = { account: '`r`', created: 'CREATE ROLE IF NOT EXISTS `r`', grants: ['G'] }
    expect(userStatements([ofMariadb])).toEqual(['CREATE ROLE IF NOT EXISTS `r`', 'G'])
    expect(heldRoles([])).toEqual([])
    expect(heldRoles([['%', "o'ne\\", 'r', 'N']])).toEqual([
      'DELETE FROM mysql.roles_mapping',
      "INSERT INTO mysql.roles_mapping (host, user, role, admin_option) VALUES ('%', 'o''ne\\\\', 'r', 'N')",
    ])
  })
})

describe('the root password', () => {
  it.each<[Record<string, string>, string | null]>([
    [{ MARIADB_ROOT_PASSWORD: 'a', MYSQL_ROOT_PASSWORD: 'b' }, 'a'],
    [{ MYSQL_ROOT_PASSWORD: 'b' }, 'b'],
    [{ MYSQL_ALLOW_EMPTY_PASSWORD: 'yes' }, ''],
    [{}, null],
  ])('of %j is %j', (values, password) => expect(rootPassword(values)).toBe(password))

  it('is written as option files are read', () => {
    expect(optionFile('db', 'a"b\\c#d')).toContain('password="a\\"b\\\\c#d"\n')
  })
})

describe('mysqlDifferences', () => {
  const held: MysqlContents = {
    kind: 'mysql',
    service: 'db',
    version: '11.8.3-MariaDB',
    image: 'mariadb:11',
    args: [],
    volume: 'v',
    schemas: ['shop'],
    tables: [{ schema: 'shop', name: 't', rows: 2, digest: '1-1' }],
    definitionsSha256: 'd',
    loose: [],
  }

  it.each<[Partial<MysqlContents>, string[]]>([
    [{}, []],
    [{ tables: [] }, ['shop.t is missing (2 rows)']],
    [{ tables: [{ ...held.tables[0]!, rows: 1 }] }, ['shop.t has 1 rows, not 2']],
    [
      { tables: [{ ...held.tables[0]!, digest: '2-2' }] },
      ['shop.t has its 2 rows, but other values in them'],
    ],
    [{ schemas: [] }, ['database shop is missing']],
    [
      { definitionsSha256: 'e' },
      ['the definitions of tables, views, routines, triggers or events differ'],
    ],
  ])('of %j are %j', (more, lines) =>
    expect(mysqlDifferences(held, { ...held, ...more })).toEqual(lines),
  )
})

describe('tables that are taken out', () => {
  const odd = { schema: 'sh`op', name: 'a`b' }

  it('come with every name quoted', () => {
    const columns = [{ name: 'x`y', type: 'int' }]
    expect(besideStatements('res`cued', [{ ...odd, columns }])).toEqual([
      'CREATE DATABASE `res``cued` CHARACTER SET utf8mb4',
      'CREATE TABLE `res``cued`.`a``b` AS SELECT `x``y` FROM `sh``op`.`a``b`',
    ])
    expect(beforeDump('x', 'sh`op', false)).toMatch(/way\.\nUSE `sh``op`;\n$/)
    expect(beforeDump('x', 'r', true)).toMatch(/\nCREATE DATABASE IF NOT EXISTS `r`;\nUSE `r`;\n$/)
  })

  it('go into one database, which has none of their names', () => {
    expect(databaseOf([odd, { schema: 'sh`op', name: 'c' }])).toBe('sh`op')
    expect(() => databaseOf([odd, { schema: 'other', name: 'c' }])).toThrow('`sh``op`, `other`')
    expect(() => refuseDatabase('Shop', ['shop'])).toThrow('already')
    expect(() => refuseDatabase('mysql', [])).toThrow('already')
    refuseDatabase('rescued', ['shop'])
  })
})
