import { describe, expect, it } from 'vitest'
import { secretInLine } from './lines.ts'

// Put together here, so that no file holds one.
const password = ['Kw8rTz1p', 'Q0Lm'].join('')
const django = ['k#3@!x$w0o=7u9^', 'k3&f%l8(q5z)1n4m6_c+r-t*y'].join('')
const crypt = ['K0ByB.6YI2/OYrB4fQOYLe', '6Tv0datUVf6VZ/2Jzwm879BW5K1cHey'].join('')
const hex = ['5f4dcc3b5aa765d6', '1d8327deb882cf99'].join('')
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
    `'password' => '$2y$10$${crypt}', // password`,
    `"password": "pbkdf2_sha256$600000$Xb1vTqK0m8sJ$${crypt}=",`,
    `"password": "bcrypt_sha256$$2b$12$${crypt}",`,
    `"password": "sha1$a1b2c$${hex}",`,
    `"password": "!${crypt.replaceAll(/\W/g, '').slice(0, 40)}",`,
    `"password": "*${hex.toUpperCase()}1D8327DE",`,
    `password_digest: "$2a$12$${crypt}"`,
    `encrypted_password: '$2a$04$${crypt}'`,
    `password: '$6$rounds=5000$usesomesillystri$${crypt}'`,
    `password: "$1$O3JMY.Tw$AdLnLjQ/5jXF9.MTp3gHv/"`,
    `BASIC_AUTH_PASSWORD="$$2y$$05$$${crypt}"`,
    `DUMMY_PASSWORD_HASH = "${hex}"`,
    `DUMMY_PASSWORD_HASH=${hex}`,
    `const apiKeyDigest = '${hex}';`,
    '"integrity_token": "^1.2.3-beta.4+build.5678-x"',
    "authKey: '@company/auth-service-v2.3.1#build'",
    "secretKey = '&foo=1&bar=2&baz=3&quux=4'",
    'password: "^[A-Za-z0-9!@#%^&*]{8,32}xyz123$"',
    'apiKey: "#/components/securitySchemes/ApiKey123"',
    'password_chars = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789!@#$%^&*"',
    'DATABASE_URL=postgres://user:p%40ssw0rd@localhost',
  ])('finds none in %s', (code) => expect(at(code)).toBeNull())
})
