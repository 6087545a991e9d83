import { describe, expect, it } from 'vitest'
import { drillLines, drillMarkdown, type DrillReport } from './drill.render.ts'

const came: DrillReport = {
  project: 'shop-production',
  store: 'box',
  startedAt: '2026-01-31T10:00:00.000Z',
  recoveryMs: 61_500,
  datasets: [
    { dataset: 'main', kind: 'postgres', backup: 'main-20260131T030000Z', ageMs: 7 * 3_600_000 },
  ],
  steps: [{ name: 'a new server, set up', ms: 40_000 }],
  silent: null,
  failed: null,
}

const failed: DrillReport = {
  ...came,
  failed: {
    step: 'main restored and compared',
    problem: {
      code: 'data/drill-failed',
      summary: 'The drill failed: the product would not have come back.',
      detail: 'At "main restored and compared": A copy of a backup is damaged.',
      fix: ['zarpe backup list'],
      evidence: ['one line', 'another'],
    },
  },
}

describe('the report of a drill', () => {
  it('has both figures and every step', () => {
    expect(drillMarkdown(came)).toBe(`# Drill of shop-production

2026-01-31T10:00:00.000Z, from the store "box" alone: the product came back.

| | |
|---|---|
| recovery time | 61.5 s |
| recovery point of main | 7 h (main-20260131T030000Z) |

| step | time |
|---|---|
| a new server, set up | 40.0 s |
`)
    expect(drillLines(came).at(-1)).toBe('back after 61.5 s (recovery time), from box alone')
  })

  it('says where nobody could tell which copies are proven', () => {
    const silent = { code: 'ssh/unreachable', summary: 'No answer.', detail: 'It is off.', fix: [] }
    const page = drillMarkdown({ ...came, silent })
    expect(page).toContain('alone: the product came back.\n\nNote: the product')
    expect(page).toContain('(No answer. It is off.): the newest that "box" has is taken')
    expect(drillLines({ ...came, silent }).at(-2)).toContain('whether it was proven or not')
  })

  it('of one that failed says where and why, and claims no recovery', () => {
    const page = drillMarkdown(failed)
    expect(page).toContain('**the product did not come back.**')
    expect(page).toContain('It failed at "main restored and compared": The drill failed')
    expect(page).toContain('Seen:\n\n```\none line\nanother\n```')
    expect(page).toContain('What to do:\n\n```\nzarpe backup list\n```')
    expect(page).toContain('| failed after | 61.5 s |')
    expect(page).toContain(
      '| a new server, set up | 40.0 s |\n| main restored and compared | failed |\n',
    )
    expect(page).not.toContain('recovery time')
    expect(drillLines(failed).join('\n')).not.toContain('recovery time')
  })

  it('of one that could not begin has neither steps nor backups', () => {
    const page = drillMarkdown({ ...failed, datasets: [], steps: [] })
    expect(page).toContain('| failed after | 61.5 s |\n\n| step | time |')
  })
})
