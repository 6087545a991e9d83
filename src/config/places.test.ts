import { describe, expect, it } from 'vitest'
import { locate } from './places.ts'

const text = `# a comment
app: shop
base: &base
  image: x
services:
  web: { <<: *base, ports: [80, 443] }
  "two words": null
`
const located = locate('file.yml', text)
const at = (path: PropertyKey[], what?: 'key' | 'value') => {
  const { line, column } = located.placeOf(path, what)
  return `${line}:${column}`
}

describe('locate', () => {
  it('knows where keys, values and items stand', () => {
    expect(at(['app'], 'key')).toBe('2:1')
    expect(at(['app'])).toBe('2:6')
    expect(at(['services', 'web', 'ports', 1])).toBe('6:33')
    expect(at(['services', 'web', 'ports', '0'])).toBe('6:29')
    expect(at(['services', 'two words'], 'key')).toBe('7:3')
  })

  it('gives the nearest part around what is not there', () => {
    expect(at(['services', 'web', 'image'])).toBe('6:8')
    expect(at(['nothing', 'at', 'all'])).toBe('2:1')
    expect(located.has(['services', 'web', 'ports'])).toBe(true)
    expect(located.has(['services', 'web', 'image'])).toBe(false)
  })

  it('takes an anchor that is given anew for another one', () => {
    const { mistakes, value } = locate('file.yml', 'a: &a { b: &a 1, c: *a }')
    expect(mistakes).toEqual([])
    expect(value).toEqual({ a: { b: 1, c: 1 } })
  })

  it('merges as Compose files expect', () => {
    expect(located.value).toMatchObject({ services: { web: { image: 'x', ports: [80, 443] } } })
  })

  it.each([
    ['app: [', '1:7'],
    ['app: a\napp: b', '2:1'],
    ['app: *nobody', '1:1'],
    ['<<: 3', '1:1'],
    ['\tapp: a', '1:1'],
    ['a: "open', '1:9'],
    ['web: &a { environment: *a }', '1:24'],
    ['web: &a\n  b: 1\n  deep: [{ <<: *a }]', '3:16'],
    [`a: &a [${'x,'.repeat(50)}]\n${bomb()}`, '1:1'],
  ])('names a mistake instead of throwing: %j', (wrong, place) => {
    const { mistakes, value } = locate('file.yml', wrong)
    expect(value).toBeNull()
    expect(`${mistakes[0]!.place.line}:${mistakes[0]!.place.column}`).toBe(place)
    expect(mistakes[0]!.text).not.toBe('')
  })
})

/** Aliases of aliases, which would fill all memory if they were followed. */
function bomb() {
  const names = ['b', 'c', 'd', 'e', 'f']
  return names
    .map((name, index) => `${name}: &${name} [${`*${'abcde'[index]},`.repeat(50)}]`)
    .join('\n')
}
