import { describe, expect, it } from 'vitest'
import { rolesOnly } from './globals.ts'

const globals = `--
-- PostgreSQL database cluster dump
--
SET client_encoding = 'UTF8';
CREATE ROLE "Odd ""one""";
ALTER ROLE "Odd ""one""" WITH NOSUPERUSER LOGIN PASSWORD 'SCRAM-SHA-256$4096:a';
CREATE ROLE postgres;
ALTER ROLE postgres WITH SUPERUSER LOGIN PASSWORD 'SCRAM-SHA-256$4096:b';
CREATE ROLE reader;
ALTER ROLE reader WITH NOLOGIN;
ALTER ROLE reader SET search_path TO 'books';
ALTER ROLE postgres SET work_mem TO '1MB';
GRANT reader TO "Odd ""one""" WITH INHERIT TRUE GRANTED BY postgres;
GRANT reader TO postgres WITH INHERIT TRUE GRANTED BY postgres;
\\! touch /tmp/owned
`

describe('roles of a backup', () => {
  it('are made where they lack, and nobody else is given his old password', () => {
    expect(rolesOnly(globals, ['reader', 'Odd "one"'])).toBe(`CREATE ROLE "Odd ""one""";
ALTER ROLE "Odd ""one""" WITH NOSUPERUSER LOGIN PASSWORD 'SCRAM-SHA-256$4096:a';
CREATE ROLE reader;
ALTER ROLE reader WITH NOLOGIN;
ALTER ROLE reader SET search_path TO 'books';
GRANT reader TO "Odd ""one""" WITH INHERIT TRUE GRANTED BY postgres;
`)
    expect(rolesOnly(globals, ['nobody'])).toBe('')
  })
})
