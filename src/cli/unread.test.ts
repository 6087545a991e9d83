import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

/** How a program ends and what was read of it, if its readers end first: through pipes that a shell closes. */
const read = (body: string, readers: string) => {
  const program = `
import { openTerminal } from ${JSON.stringify(join(import.meta.dirname, 'terminal.ts'))}
import { setTimeout } from 'node:timers/promises'
const json = openTerminal({ json: true })
const terminal = openTerminal({ json: false })
${body}`
  const script = `"$0" --input-type=module --eval "$1" ${readers}; echo "exit \${PIPESTATUS[0]}"`
  const argv = ['-c', script, process.execPath, program]
  return spawnSync('bash', argv, { encoding: 'utf8' }).stdout.trim().split('\n')
}

const work = (lines: string) => `
for (let step = 1; step <= 50; step += 1) {
  ${lines}
  await setTimeout(5)
}
process.exitCode = 7`

describe('outliveReaders', () => {
  it('brings a verb to its own end when nobody reads its stdout any more', () => {
    expect(read(work('json.emit({ step })'), '| head -n 1')).toEqual(['{"step":1}', 'exit 7'])
  })

  it('does so when neither stdout nor stderr is read', () => {
    const both = work('terminal.say(`said ${step}`); terminal.print(`printed ${step}`)')
    expect(read(both, '2>&1 | head -n 2')).toEqual(['said 1', 'printed 1', 'exit 7'])
  })

  it('ends a verb that would print for ever, as the verb says', () => {
    const endless = `json.whenUnread(() => process.exit(3))\n${work('json.emit({ step })')}`
    expect(read(endless, '| head -n 1')).toEqual(['{"step":1}', 'exit 3'])
  })

  it('brings a verb to its end when there is no room for what it prints, and does not call that well', () => {
    const body = `${work("terminal.print('printed')")}
process.exitCode = 0
terminal.say('done')`
    const [first, ...rest] = read(body, '2>&1 > /dev/full')
    expect(first).toMatch(/^What was printed is not whole: ENOSPC/)
    expect(rest).toEqual(['done', 'exit 1'])
    expect(read(work("terminal.print('printed')"), '2>&1 > /dev/full').at(-1)).toBe('exit 7')
  })

  it('lets it print on when only stderr is read no more', () => {
    const body = `terminal.whenUnread(() => process.exit(3))
${work("terminal.say('said')")}
terminal.print('whole')`
    expect(read(body, '2> >(head -n 1 > /dev/null)')).toEqual(['whole', 'exit 7'])
  })
})
