import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { problemsOf } from '../../problem/problem.ts'
import { givenFolder, givenPostgres, notGiven } from './given.ts'

const given = givenPostgres(16)

const thrownBy = (act: () => unknown) => {
  try {
    act()
  } catch (error) {
    return problemsOf(error)[0]
  }
  return undefined
}

it('takes the folder that a variable names, and refuses one that holds something else', () => {
  const folder = mkdtempSync(join(tmpdir(), 'zarpe-given-'))
  try {
    const env = { ZARPE_LAB_POSTGRES_16: folder, ZARPE_LAB_POSTGRES_14: '/elsewhere' }
    const problem = thrownBy(() => givenFolder(given, env))
    expect(problem).toMatchObject({ code: 'lab/not-given' })
    expect(problem!.detail).toContain(join(folder, 'usr/lib/postgresql/16/bin/postgres'))
    const program = join(folder, given.holds)
    mkdirSync(dirname(program), { recursive: true })
    writeFileSync(program, '')
    expect(givenFolder(given, env)).toBe(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

it('says what to give where nothing is', () => {
  expect(givenFolder(given, {})).toBe(null)
  const { data } = notGiven(given, 'postgres:16')
  expect(data.detail).toContain('postgres:16 has no stand-in until the lab is given PostgreSQL 16')
  expect(data.fix[0]).toContain('ZARPE_LAB_POSTGRES_16=')
})
