import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Node } from '../model.ts'
import { parseContract } from './parse.ts'
import { isSecretName } from '../../check/secrets/secrets.ts'

const parsed = (text: string) => parseContract('.env.schema', text)

const clean = (text: string) => {
  const { contract, problems } = parsed(text)
  expect(problems).toEqual([])
  return contract
}

/** A node as somebody would write it, for short expectations. */
const written = (node: Node | null): string => {
  if (node === null) return '-'
  if (node.is === 'text') return node.quoted ? JSON.stringify(node.text) : node.text
  const named = (entries: Record<string, Node>) =>
    Object.entries(entries).map(([name, each]) => `${name}=${written(each)}`)
  if (node.is === 'list') return `[${node.items.map(written).join(', ')}]`
  if (node.is === 'record') return `{${named(node.entries).join(', ')}}`
  return `${node.name}(${[...node.args.map(written), ...named(node.named)].join(', ')})`
}

const told = (text: string) =>
  parsed(text).problems.map(({ code, place }) => `${code} ${place?.line}:${place?.column}`)

/** As the documentation of varlock shows a schema. */
const varlockFile = `# Shared settings of the shop
# @defaultSensitive=false @defaultRequired=infer
# @currentEnv=$APP_ENV
# @generateTypes(lang=ts, path=env.d.ts)
# ---

# Which environment this is
# @type=enum(development, staging, production)
APP_ENV=development

# The key of the payment service.
# @required=forEnv(production) @sensitive @type=string(startsWith=sk-, minLength=20)
# @docs(https://pay.example/keys)
PAY_KEY=

# @type=url(allowedProtocols=[https], noTrailingSlash=true)
API_URL=https://api.shop.example # where the API is

# @type=array(email, minLength=1)
ALERTS=[a@shop.example, "b@shop.example"]
USERS_URL="\${API_URL}/users"
RETRIES=3
`

describe('parseContract', () => {
  it('reads a file that was written for varlock', () => {
    const contract = clean(varlockFile)
    expect(contract.environmentVariable).toBe('APP_ENV')
    expect(
      contract.variables.map(
        (each) =>
          `${each.name} ${written(each.type)} ${written(each.required)} ${each.sensitive} ${written(each.default)}`,
      ),
    ).toEqual([
      'APP_ENV enum(development, staging, production) true false development',
      'PAY_KEY string(startsWith=sk-, minLength=20) forEnv(production) true -',
      'API_URL url(allowedProtocols=[https], noTrailingSlash=true) true false https://api.shop.example',
      'ALERTS array(email, minLength=1) true false [a@shop.example, "b@shop.example"]',
      'USERS_URL string true false concat(ref("API_URL"), "/users")',
      'RETRIES number true false 3',
    ])
    expect(contract.variables[1]).toMatchObject({
      description: 'The key of the payment service.',
      docs: ['https://pay.example/keys'],
      place: { line: 14, column: 1 },
    })
    expect(contract.notes).toEqual([
      '.env.schema:4: @generateTypes is set aside: Zarpe generates no code',
    ])
  })

  it('reads values of every form', () => {
    const text = [
      'A=```',
      'two # lines',
      'here',
      '```',
      'B="""x"""',
      "C='$x'",
      'D=`a\\n${A:-b}`',
      'E=$(git rev-parse)',
      'F=fn(a, "b, c", k=v, [x, y]) # comment',
      'G=["a","b"]',
      'H={"a":1}',
      'I=fn(a) and more',
      'J=if(eq($A, x),',
      '  y,',
      '  z)',
      'K=undefined',
      'L=',
      'M="multi',
      'line"',
    ].join('\n')
    const values = clean(text).variables.map(
      ({ name, default: node }) => `${name} ${written(node)}`,
    )
    expect(values).toEqual([
      'A "\\ntwo # lines\\nhere\\n"',
      'B "x"',
      'C "$x"',
      'D concat("a\\n", fallback(ref("A"), "b"))',
      ['E exec', '"git rev-parse")'].join('('),
      'F fn(a, "b, c", [x, y], k=v)',
      'G ["a", "b"]',
      'H {"a":1}',
      'I fn(a) and more',
      'J if(eq(ref("A"), x), y, z)',
      'K undefined',
      'L -',
      'M "multi\\nline"',
    ])
  })

  it('takes decorators over several comment lines, with comments among them', () => {
    const text = [
      '# @type=enum(',
      '#   one,',
      '#   # two,',
      '#   three, # the last',
      '# ) @required',
      '# text @ignored=1',
      '# @sensitive # @type=url is a comment here',
      'A=',
    ].join('\n')
    const [variable] = clean(text).variables
    expect(written(variable!.type)).toBe('enum(one, three)')
    expect(written(variable!.required)).toBe('true')
    expect(variable!.sensitive).toBe(true)
    expect(variable!.description).toBe('text @ignored=1')
  })

  it('belongs a comment to a variable only without a blank line or divider between', () => {
    const text = '# @defaultRequired=false\n\nA=1\n# @sensitive\n\nB=2\n# @sensitive\n# ---\nC=3\n'
    const { variables, notes } = clean(text)
    expect(variables.map(({ sensitive, required }) => [sensitive, written(required)])).toEqual([
      [false, 'false'],
      [false, 'false'],
      [false, 'false'],
    ])
    expect(notes).toHaveLength(2)
  })

  it('reads decorators after stray text, and ends a value without quotes at a #', () => {
    const [variable] = clean('# @required and @type=url please\nA=https://a.example#frag').variables
    expect(written(variable!.type)).toBe('url')
    expect(written(variable!.default)).toBe('https://a.example')
  })

  it('reads decorators behind a value', () => {
    expect(clean('A= # @required @type=port').variables[0]).toMatchObject({
      required: { text: 'true' },
      type: { text: 'port' },
    })
  })

  it.each([
    ['A b', 'contract/syntax 1:1'],
    ['1A=2', 'contract/syntax 1:1'],
    ['A="x', 'contract/syntax 1:1'],
    ['# @type=\nA=', 'contract/syntax 1:3'],
    ['# @bad-name\nA=', 'contract/syntax 1:3'],
    ['# @required@sensitive\nA=', 'contract/syntax 1:3'],
    ['# @type="url"x\nA=', 'contract/syntax 1:3'],
    ['# @\nA=', 'contract/syntax 1:3'],
    ['# @type=enum(a\nA=', 'contract/syntax 1:3'],
    ['A=1\nA=2', 'contract/twice 2:1'],
    ['# @requird\nA=1', 'contract/unknown-decorator 1:3'],
    ['# @defaultRequired=false\nA=1', 'contract/unknown-decorator 1:3'],
    ['# @required\n\nA=1', 'contract/unknown-decorator 1:3'],
    ['# @import(./other)\n\nA=1', 'contract/not-honoured 1:3'],
    ['# @defaultRequired=maybe\n\nA=1', 'contract/syntax 1:3'],
    ['# @currentEnv=$B\n\nA=1', 'contract/syntax 1:3'],
    ['A=$B', 'contract/syntax 1:1'],
    ['# @type=strng\nA=', 'contract/bad-type 1:3'],
    ['# @type=enum\nA=', 'contract/bad-type 1:3'],
    ['# @type=string(minlength=3)\nA=', 'contract/bad-type 1:3'],
    ['# @type=string(minLength=many)\nA=', 'contract/bad-type 1:3'],
    ['# @type=string(matches="(")\nA=', 'contract/bad-type 1:3'],
    ['# @type=array(strng)\nA=', 'contract/bad-type 1:3'],
    ['# @type=opToken\nA=', 'contract/bad-type 1:3'],
    ['# @required=exec(x)\nA=', 'contract/not-evaluated 1:3'],
    ['# @sensitive\nA=hunter2', 'contract/secret-default 2:1'],
    ['SECRET_KEY=hunter2', 'contract/secret-default 1:1'],
    ['# @defaultSensitive=true\n\nA=hunter2', 'contract/secret-default 3:1'],
  ])('refuses %j', (text, expected) => {
    expect(told(text)).toEqual([expected])
    expect(JSON.stringify(parsed(text).problems)).not.toContain('hunter2')
  })

  it('sets aside what a plugin may have brought', () => {
    const { notes } = clean('# @plugin(@varlock/x) @initX(a)\n\n# @type=opToken @foo\nA=')
    expect(notes).toHaveLength(4)
  })

  it('takes what has a default for no secret, unless its name or type says so', () => {
    const { variables } = clean(
      'LOG_LEVEL=info\nDB_HOST=\nPASSWORD_MIN_LENGTH=12\n# @type=zarpe_fernet\nK=\n',
    )
    expect(variables.map(({ sensitive }) => sensitive)).toEqual([false, true, false, true])
  })

  it.each([
    ['SECRET_KEY', true],
    ['DB_PASSWORD', true],
    ['STRIPE_API_KEY', true],
    ['JWT_SECRET_FILE', false],
    ['TOKEN_EXPIRE_MINUTES', false],
    ['NEXT_PUBLIC_API_KEY', false],
    ['MONKEY', false],
    ['KEYBOARD', false],
  ])('%s is a secret: %s', (name, expected) => expect(isSecretName(name)).toBe(expected))

  it('never throws, whatever the file', () => {
    const noise = fc.string({
      unit: fc.constantFrom(
        ...'A@#=(),[]{}\'"`\\$\n\r \t\u00a0-/1é'.split(''),
        '@type=',
        '```',
        '# @',
      ),
      maxLength: 80,
    })
    fc.assert(
      fc.property(noise, (text) => void parsed(text)),
      { numRuns: 2000 },
    )
    expect(() => parsed(`# @type=${'a('.repeat(100_000)}\nA=${'['.repeat(100_000)}`)).not.toThrow()
  })
})
