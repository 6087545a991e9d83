import { expect, it } from 'vitest'
import { createStatement } from './create-statement.ts'

const held = (locale: object) => ({
  owner: 'keeper',
  encoding: 'UTF8',
  locale: { provider: 'c', collate: 'en_US.utf8', ctype: 'en_US.utf8', locale: null, ...locale },
})
const begin = `CREATE DATABASE "shop" OWNER "keeper" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'en_US.utf8' LC_CTYPE 'en_US.utf8'`

it('says who sorts wherever the server can be told, also of a dump from before that', () => {
  expect(createStatement('shop', held({}), 140_022)).toBe(begin)
  // A server that was set up with ICU would sort by it otherwise.
  expect(createStatement('shop', held({}), 160_002)).toBe(`${begin} LOCALE_PROVIDER libc`)
})

it('keeps the locale of ICU, and what was changed of it', () => {
  const locale = { provider: 'i', locale: 'de-u-co-phonebk', rules: "&a < 'b'" }
  expect(createStatement('shop', held(locale), 160_002)).toBe(
    `${begin} LOCALE_PROVIDER icu ICU_LOCALE 'de-u-co-phonebk' ICU_RULES '&a < ''b'''`,
  )
  expect(createStatement('shop', held({ provider: 'b', locale: 'C.UTF-8' }), 170_004)).toBe(
    `${begin} LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'`,
  )
})
