import { describe, expect, it } from 'vitest'
import type { ProblemData } from '../../problem/problem.ts'
import { backupAt, proofThat, stored } from '../example.model.ts'
import type { Backup } from '../model.ts'
import { type Reached, unproven } from './unproven.ts'

const problem = (code: string, detail = 'it is so', evidence: string[] = []): ProblemData => ({
  code,
  summary: 'Something is wrong.',
  detail,
  fix: [],
  evidence,
})

const never = backupAt('2026-01-31T03:00:00.000Z', { proof: null })
const once = backupAt('2026-01-31T03:00:00.000Z')
const everywhere = { ...once, copies: { local: stored, box: stored } }

const reached = (backup: Backup, more: Partial<Reached> = {}): Reached => ({
  backup,
  reading: backup,
  from: 'local',
  isOpen: true,
  ...more,
})

describe('a proof that ended with a problem', () => {
  it.each(['data/program-failed', 'data/sql-failed', 'data/not-recovered'])(
    '%s tells that a backup is bad, if it was never restored',
    (code) => {
      expect(unproven(problem(code), reached(never))).toBe('bad-backup')
      expect(unproven(problem(code), reached(once))).toBe('nothing')
      expect(unproven(problem(code), reached({ ...once, proof: proofThat('failed') }))).toBe(
        'bad-backup',
      )
    },
  )

  it.each([
    ['`pg_restore` exited 137.', []],
    ['`psql` exited 2.', ['psql: error: server closed the connection unexpectedly']],
    ['`pg_restore` exited 1.', ['FATAL:  the database system is in recovery mode']],
    ['`mysql` exited 1.', ['ERROR 2013 (HY000): Lost connection to server during query']],
    ['`psql` exited 3.', ['ERROR:  could not extend file: No space left on device']],
  ])('%s %s is of the machine', (detail, evidence) => {
    expect(unproven(problem('data/program-failed', detail, evidence), reached(never))).toBe(
      'nothing',
    )
  })

  it('takes the only copy that is damaged for the backup', () => {
    const damaged = problem('data/damaged')
    expect(unproven(damaged, reached(never, { isOpen: false }))).toBe('bad-backup')
    expect(unproven(damaged, reached(once, { isOpen: false }))).toBe('bad-backup')
  })

  it('takes one of several for a bad copy, and spares the server’s own', () => {
    const damaged = problem('data/damaged')
    const unopened = { isOpen: false }
    expect(unproven(damaged, reached(everywhere, unopened))).toBe('spare-own-copy')
    expect(unproven(damaged, reached(everywhere, { ...unopened, from: 'box' }))).toBe('bad-copy')
  })

  it('past the copies it is about a store’s log, if the proof was not from there', () => {
    const gap = problem('data/log-gap')
    expect(unproven(gap, reached(everywhere, { from: 'box' }))).toBe('bad-copy')
    expect(unproven(gap, reached(everywhere))).toBe('nothing')
  })

  it('says nothing of a backup where one that it builds on is damaged', () => {
    const full = backupAt('2026-01-30T03:00:00.000Z', { proof: null })
    const damaged = problem('data/damaged')
    expect(unproven(damaged, reached(never, { reading: full, isOpen: false }))).toBe('bad-copy')
  })

  it('is of no consequence where it is about neither', () => {
    expect(unproven(problem('data/disk-full'), reached(never))).toBe('nothing')
  })
})
