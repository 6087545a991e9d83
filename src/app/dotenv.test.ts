import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dotenvLine } from '../../test/lab/dotenv.ts'
import { parseDotenv, plainProblems } from './dotenv.ts'

const values = (text: string) => {
  const read = parseDotenv('.env', text)
  expect(plainProblems(read)).toEqual([])
  return read.values
}

describe('parseDotenv', () => {
  it.each([
    ['A=b', { A: 'b' }],
    ['\uFEFFA=b\r\nB=c\r\n', { A: 'b', B: 'c' }],
    ['export A = b c  # comment', { A: 'b c' }],
    ['  # comment\n\nA=\nB=#', { A: '', B: '' }],
    ['A=a=b==', { A: 'a=b==' }],
    ['A=$B ${C} $$', { A: '$B ${C} $$' }],
    [
      'B=1\nA=\'$B\'\nC="\\${B}"\nD=`$B`\nE=$BC$',
      { B: '1', A: '$B', C: '${B}', D: '$B', E: '$BC$' },
    ],
    ["A=it's", { A: "it's" }],
    ['A=C:\\new\\table', { A: 'C:\\new\\table' }],
    ['A=\'x # "y" `z` \\n $a\' # comment', { A: 'x # "y" `z` \\n $a' }],
    ['A=`it\'s "x"`', { A: 'it\'s "x"' }],
    ['A="a\\nb\\t\\"c\\" \\\\n \\$d \\r"', { A: 'a\nb\t"c" \\n $d \r' }],
    ['A="one\ntwo # 2\n"\nB=3', { A: 'one\ntwo # 2\n', B: '3' }],
    ['A=\u00a0x\u00a0', { A: '\u00a0x\u00a0' }],
    ['__proto__=x\nconstructor=y', JSON.parse('{"__proto__":"x","constructor":"y"}')],
  ])('reads %j', (text, expected) => expect(values(text)).toEqual(expected))

  it.each([
    ['what', 1],
    ['A=1\n=2', 2],
    ['A=1\n\n1A=2', 3],
    ['A=b#c', 1],
    ["A='x\ny' z", 1],
    ['A="x" "y"', 1],
    ['B="one\ntwo"\nA="x', 3],
    ['A="\\d"', 1],
    ['A="\\\\\\x"', 1],
    ['A=1\nA=1', 2],
    ['ключ=1', 1],
  ])('refuses %j', (text, line) => {
    const { problems } = parseDotenv('.env', text)
    expect(problems.map(({ code, place }) => `${code} ${place?.line}`)).toEqual([
      `environment/bad-line ${line}`,
    ])
  })

  it.each([
    ['B=1\nA=x$B', 'x$B', 2],
    ['B=1\nA="x${B}"', 'x${B}', 2],
    ['A=${B:-2}\nB=1', '${B:-2}', 1],
    ['B=1\nA=x\\$B', 'x\\$B', 2],
    ['A=a$A', 'a$A', 1],
    ['B=1\nA="it\'s $B"', "it's $B", 2],
  ])('takes %j as written, and refuses it where Compose reads it too', (text, value, line) => {
    const read = parseDotenv('.env', text)
    expect([read.values['A'], read.problems]).toEqual([value, []])
    expect(plainProblems(read).map(({ place }) => place?.line)).toEqual([line])
  })

  it('tells what is wrong with a plain file by its lines', () => {
    const read = parseDotenv('.env', 'A=$B\nwhat\nB=1')
    expect(plainProblems(read).map(({ place }) => place?.line)).toEqual([1, 2])
  })

  it('goes on after a line that it refuses', () => {
    const { problems, values: read } = parseDotenv('.env', 'x\nA=1\ny\nB=2')
    expect(problems).toHaveLength(2)
    expect(read).toEqual({ A: '1', B: '2' })
  })

  it('never tells what stands in the file', () => {
    const text =
      'hunter2\nhunter2 hunter2=hunter2\nA=hunter2#hunter2\nB="hunter2\\h"\nD=hunter2$D\nC="hunter2'
    expect(JSON.stringify(plainProblems(parseDotenv('.env', text)))).not.toContain('hunter2')
  })

  it('can express every text, and reads it back', () => {
    const text = fc.string({
      unit: fc.oneof(
        fc.constantFrom(...'\'"`\\$#{}= \t\r\n!é'.split('')),
        fc.string({ unit: 'binary' }),
      ),
    })
    fc.assert(
      fc.property(fc.array(text, { maxLength: 5 }), (list) => {
        const wanted = Object.fromEntries(list.map((each, index) => [`V${index}`, each]))
        const lines = Object.entries(wanted).map(([name, value]) => dotenvLine(name, value))
        expect(values(lines.join('\n'))).toEqual(wanted)
      }),
    )
  })

  it('never throws, whatever the file', () => {
    const noise = fc.string({ unit: fc.constantFrom(...'A=\'"`\\#\n\r \t$'.split('')) })
    fc.assert(fc.property(noise, (text) => void parseDotenv('.env', text)))
  })

  it('is done at once with a long row of spaces', () => {
    const began = Date.now()
    expect(values(`A=x${' '.repeat(60_000)}y  `)).toEqual({ A: `x${' '.repeat(60_000)}y` })
    expect(Date.now() - began).toBeLessThan(2_000)
  })
})
