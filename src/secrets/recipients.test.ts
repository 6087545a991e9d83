import { describe, expect, it } from 'vitest'
import { withoutRecipient, withRecipient } from './recipients.ts'

const head = `# the shop
app: shop   # its name
servers: {main: deploy@vps.example}

environments:
    production: { servers: [main] }   # four spaces
`

describe('withRecipient', () => {
  it('writes the part if there is none, and nothing else', () => {
    expect(withRecipient(head, 'ana', 'age1a')).toBe(
      `${head}secrets:\n  recipients:\n    ana: age1a\n`,
    )
    expect(withRecipient(head.trimEnd(), 'ana', 'age1a')).toBe(
      `${head}secrets:\n  recipients:\n    ana: age1a\n`,
    )
  })

  it('keeps comments around and inside the part, and what follows it', () => {
    const part = `# who may read
secrets:
  # asked of them on Monday
  recipients:
    ana: age1a # laptop
    # the pipeline
    ci: age1c
`
    const tail = `\n# at the end\nrelease: {keep: 3}   # three\n`
    expect(withRecipient(`${head}${part}${tail}`, 'ben', 'age1b')).toBe(
      `${head}${part}    ben: age1b\n${tail}`,
    )
    expect(withoutRecipient(`${head}${part}${tail}`, 'ci')).toBe(
      `${head}${part.replace('    # the pipeline\n    ci: age1c\n', '')}${tail}`,
    )
  })

  it('writes into a part on one line', () => {
    const text = `secrets: { recipients: { ana: age1a } }\n${head}`
    expect(withRecipient(text, 'ben', 'age1b')).toBe(
      `secrets: { recipients: { ana: age1a, ben: age1b } }\n${head}`,
    )
  })

  it('ends its lines as the file does', () => {
    const text = `${head}secrets:\n  recipients:\n    ana: age1a\n`.replaceAll('\n', '\r\n')
    for (const changed of [
      withRecipient(head.replaceAll('\n', '\r\n'), 'ben', 'age1b'),
      withRecipient(text, 'ben', 'age1b'),
      withoutRecipient(text, 'ana'),
    ])
      expect(changed.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  })
})
