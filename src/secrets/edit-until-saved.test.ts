import { describe, expect, it } from 'vitest'
import { Problem, type ProblemData } from '../problem/problem.ts'
import { editUntilSaved, joined } from './edit-until-saved.ts'

const problem = (code: string): ProblemData => ({ code, summary: '', detail: '', fix: [] })

/** An editor that appends each of these lines in turn, and a file that others change when it is asked for. */
const session = (lines: string[], versions: (string | Problem)[], failures: unknown[]) => {
  const shown: string[] = []
  const told: string[] = []
  const saved: string[] = []
  const result = editUntilSaved(
    { text: 'A=1\n' },
    {
      open: async () => {
        const next = versions.shift() ?? 'A=1\n'
        if (typeof next === 'string') return { text: next }
        throw next
      },
      edit: async (text) => {
        shown.push(text)
        return text + (lines.shift() ?? '')
      },
      save: async (_opened, text) => {
        const failure = failures.shift()
        if (failure) throw failure
        saved.push(text)
        return []
      },
      again: async (problems) => void told.push(...problems.map(({ code }) => code)),
    },
  )
  return { result, shown, told, saved }
}

describe('what was typed', () => {
  it('is there again when it could not be saved, and is saved as it is then', async () => {
    const failures = [new Problem(problem('host/not-written'))]
    const { result, shown, told, saved } = session(['B=2\n'], [], failures)
    expect(await result).toMatchObject({ notes: [] })
    expect(shown).toEqual(['A=1\n', 'A=1\nB=2\n'])
    expect(told).toEqual(['host/not-written'])
    expect(saved).toEqual(['A=1\nB=2\n'])
  })

  it('is joined with what somebody else has changed meanwhile', async () => {
    const failures = [new Problem(problem('secrets/changed-meanwhile'))]
    const { result, saved } = session(['B=2\n'], ['A=theirs\nC=3\n'], failures)
    expect(await result).toMatchObject({ opened: { text: 'A=theirs\nC=3\n' } })
    expect(saved).toEqual(['A=theirs\nB=2\nC=3\n'])
  })

  it('stands where somebody else has changed the same, which is told', async () => {
    const failures = [new Problem(problem('secrets/changed-meanwhile'))]
    const { result, saved } = session(['B=2\n'], ['A=1\nB=3\n'], failures)
    expect((await result).notes).toEqual([expect.stringContaining('changed B meanwhile')])
    expect(saved).toEqual(['A=1\nB=2\n'])
  })

  it.each([
    ['vanished', '# Values of production.\n'],
    ['holds a line that is not clear', 'A=1\nwhat\n'],
  ])('stands whole when the file %s, which is told', async (_what, theirs) => {
    const failures = [new Problem(problem('secrets/changed-meanwhile'))]
    const { result, saved } = session(['B=2\n'], [theirs], failures)
    expect((await result).notes).toEqual([expect.stringContaining('what you typed stands')])
    expect(saved).toEqual(['A=1\nB=2\n'])
  })

  it('is joined after all when the file has come back, with what was removed from it', async () => {
    const changed = () => new Problem(problem('secrets/changed-meanwhile'))
    const versions = ['', 'C=3\n']
    const { result, saved } = session(['B=2\n'], versions, [changed(), changed()])
    expect((await result).notes).toEqual([expect.stringContaining('removed A meanwhile')])
    expect(saved).toEqual(['B=2\nC=3\n'])
  })

  it('stays while the file cannot be opened either', async () => {
    const versions = [new Problem(problem('secrets/damaged')), 'A=1\n']
    const failures = [new Problem(problem('secrets/bad-recipient'))]
    const { result, told, saved } = session(['B=2\n'], versions, failures)
    await result
    expect(told).toEqual(['secrets/bad-recipient', 'secrets/damaged'])
    expect(saved).toEqual(['A=1\nB=2\n'])
  })

  it('is not saved where nothing was typed, and a bug is no problem of the user’s', async () => {
    expect(await session([], [], []).result).toMatchObject({ notes: null })
    await expect(session(['B=2\n'], [], [new Error('bug')]).result).rejects.toThrow('bug')
  })
})

describe('joined', () => {
  const before = '# so\nA=1\nB=1\nC=1\n'
  const mine = before.replace('B=1', 'B=mine')
  it.each([
    ['a value', 'A=1\nB=1\nC=2\n', '# so\nA=1\nB=mine\nC=2\n', {}],
    ['a new one', `${before}D=4\n`, '# so\nA=1\nB=mine\nC=1\nD=4\n', {}],
    ['one that is gone', 'A=1\nB=1\n', '# so\nA=1\nB=mine\n', { gone: ['C'] }],
    ['but not what was typed too', 'A=1\nB=theirs\nC=1\n', mine, { both: ['B'] }],
    ['but not what is the same', 'A=1\nB=mine\nC=1\n', mine, {}],
    ['nothing where nothing changed', before, mine, {}],
  ])('takes over %s', (_what, theirs, text, told) => {
    expect(joined({ before, mine, theirs })).toEqual({ text, both: [], gone: [], ...told })
  })
})
