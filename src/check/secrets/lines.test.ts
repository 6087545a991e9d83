import { describe, expect, it } from 'vitest'
import { secretInLine } from './lines.ts'

// Put together here, so that no file holds one.
const password = ['Kw8rTz1p', 'Q0Lm'].join('')
const django = ['k#3@!x$w0o=7u9^', 'k3&f%l8(q5z)1n4m6_c+r-t*y'].join('')
const at = (code: string) => secretInLine(code, false)?.index ?? null

describe('secretInLine', () => {
  it.each([
    ['as a shell sets it', `export DB_PASS=${password};`, 7],
    ['before a command', `  PGPASSWORD=${password} psql -h db`, 2],
    ['as an option', `docker run -e MYSQL_ROOT_PASSWORD=${password} mysql`, 14],
    ['with a number behind its name', `DB_PASSWORD2=${password}`, 0],
    ['before a comment', `password: ${password} # of the relay`, 0],
    ['in a connection string', `Server=db;User Id=sa;Password=${password};`, 21],
    ['first in one', `"Default": "Password=${password};Server=db"`, 12],
    ['in the query of a URL', `url=jdbc:postgresql://db/shop?user=shop&password=${password}`, 40],
    ['encoded in a URL', `postgres://app:p%40s${password}@db/shop`, 0],
    ['with the signs of Django', `SECRET_KEY = 'django-insecure-${django}'`, 0],
  ])('finds a secret %s', (_where, code, index) => expect(at(code)).toBe(index))

  it.each([
    'password = sha256HashOf1; // x',
    'const url = "Server=" + host + ";Password=" + password + ";"',
    'url = "postgres://%s:%s@db/shop" % (user, password)',
    'postgres://app:pa%40ssword@db/shop',
    'form.password=inputField1A;form.user=b',
    'SECRET_KEY = "read_secret(1a2b3c4d5e6f7g8h9i)"',
    'PASSWORD=$(openssl rand -hex 16); export PASSWORD',
  ])('finds none in %s', (code) => expect(at(code)).toBeNull())
})
