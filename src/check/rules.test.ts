import { describe, expect, it } from 'vitest'
import { canMerge, inExample } from '../../test/lab/example.ts'
import { fileRuleIds } from './ids.ts'
import { judge } from './judge.ts'
import { loadProjects } from './project/project.load.ts'
import type { Example } from './rule.ts'
import { rules } from './rules.ts'

// Every rule on its own two examples, read from a real folder by the real loader. `docker compose` reads
// them: where there is none they are left out here, and `npm test` brings it first.

const check = (example: Example) =>
  inExample(example, async (folder) => {
    const options = { environment: undefined, withValues: true }
    const { projects, ...found } = await loadProjects(folder, options)
    return judge(rules, projects, found)
  })

describe('the table of rules', () => {
  it('has every id once', () => {
    expect(rules.map(({ id }) => id)).toEqual([...fileRuleIds])
  })

  it.each(rules)('words $id for a stranger', ({ title, why, fix }) => {
    expect(title).toMatch(/^[A-Z].*\.$/)
    expect(why).toMatch(/^[A-Z].*\.$/)
    expect(fix.length).toBeGreaterThan(0)
  })
})

describe.skipIf(!(await canMerge())).each(rules)('$id', (rule) => {
  it.concurrent('finds its bad example, and says where', async () => {
    const { findings } = await check(rule.bad)
    const own = findings.filter((each) => each.rule.id === rule.id)
    expect(
      own.map(({ place }) => `${place.file}:${place.line}:${place.column}`).toSorted(),
    ).toEqual(rule.bad.at.toSorted())
  })

  it.concurrent('finds nothing in its good example', async () => {
    const report = await check(rule.good)
    expect(report.findings.filter((each) => each.rule.id === rule.id)).toEqual([])
    expect(report.problems, 'a good example must be one that could be deployed').toEqual([])
  })
})
