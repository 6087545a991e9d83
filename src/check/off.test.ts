import { describe, expect, it } from 'vitest'
import { offAt, readOff } from './off.ts'

const read = (text: string) => readOff([{ file: 'compose.yml', text }])

describe('readOff', () => {
  it('reads rule and reason from any kind of comment', () => {
    const { off, problems } = read(
      [
        'ports: []  # zarpe: off published-port because only the office reaches it',
        '// zarpe: off secret-in-code: the key of a public sandbox',
        '/* zarpe: off root-user because it binds port 443 */',
        '<!-- zarpe: off mutable-tag because the vendor has no other tag -->',
      ].join('\n'),
    )
    expect(problems).toEqual([])
    expect(off.map(({ rule, line, reason }) => [rule, line, reason])).toEqual([
      ['published-port', 1, 'only the office reaches it'],
      ['secret-in-code', 2, 'the key of a public sandbox'],
      ['root-user', 3, 'it binds port 443'],
      ['mutable-tag', 4, 'the vendor has no other tag'],
    ])
  })

  it('holds for its own line and the next, of its own file and rule', () => {
    const { off } = read('\n# zarpe: off root-user because it binds port 443\n')
    expect(offAt(off, 'root-user', 'compose.yml', 2)).toBeDefined()
    expect(offAt(off, 'root-user', 'compose.yml', 3)).toBeDefined()
    expect(offAt(off, 'root-user', 'compose.yml', 4)).toBeUndefined()
    expect(offAt(off, 'root-user', 'compose.yml', 1)).toBeUndefined()
    expect(offAt(off, 'mutable-tag', 'compose.yml', 2)).toBeUndefined()
    expect(offAt(off, 'root-user', 'other.yml', 2)).toBeUndefined()
  })

  it.each([
    ['a rule that does not exist', '# zarpe: off root-usr because it binds port 443', 'root-usr'],
    ['no rule', '# zarpe: off', 'which rule'],
    ['no reason', '# zarpe: off root-user', 'without a reason'],
    ['a reason that says nothing', '# zarpe: off root-user because ok', 'without a reason'],
  ])('refuses %s', (_name, text, words) => {
    const { off, problems } = read(text)
    expect(off).toEqual([])
    expect(problems.map(({ code }) => code)).toEqual(['check/bad-off'])
    expect(problems[0]!.detail).toContain(words)
    expect(problems[0]!.place).toMatchObject({ file: 'compose.yml', line: 1 })
  })

  it('is not misled by a text that only mentions it', () => {
    expect(read('echo "zarpe: off by one"\n')).toEqual({ off: [], problems: [] })
  })
})
