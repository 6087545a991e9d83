import { isSecretName, knownSecret, passwordInUrl } from '../check/secrets/secrets.ts'

// Files are read with a mark in place of every value, so that whatever is written in the end can be asked
// whether it holds one: what Compose fills in may be a secret of production, and zarpe.yml is committed.

const [opens, closes] = ['\uE000', '\uE001']
const mark = new RegExp(`${opens}(\\d+)${closes}`, 'g')

/** A variable and what it is filled in with; not real is what only stands in for a value. */
export type Variable = { name: string; value: string; isReal: boolean }

export type Marks = {
  /** A text of a Compose file with marks for the variables that have a value, defaults for the others. */
  fill: (text: string) => string
  /** The mark of a variable. */
  of: (variable: Variable) => string
  /** With names in place of marks: what may be shown and written. */
  show: (text: string) => string
  /** With values in place of marks; null if one of them is a secret or only stands in for a value. */
  known: (text: string) => string | null
}

/** Said of what cannot be written because it holds a value. */
export const markedWhy =
  'it is made of variables, and no value of theirs is written into zarpe.yml; write what it shall be there'

/** Said of a domain or a port, for which values are taken that may be shown. */
export const unknownWhy =
  'it is made of a secret, or of a variable that has no value in .env or .env.production'

export const isMarked = (text: string): boolean => text.includes(opens)

export const openMarks = (values: Record<string, Variable>): Marks => {
  const variables: Variable[] = []
  const of = (variable: Variable) => {
    const index = variables.findIndex(
      ({ name, value }) => name === variable.name && value === variable.value,
    )
    return `${opens}${index < 0 ? variables.push(variable) - 1 : index}${closes}`
  }
  const replaced = (text: string, by: (variable: Variable) => string) =>
    text.replaceAll(mark, (all, index: string) => {
      const variable = variables[Number(index)]
      return variable ? by(variable) : all
    })
  return {
    of,
    fill: (text) =>
      filled(text, (name) => (Object.hasOwn(values, name) ? of(values[name]!) : null)),
    show: (text) => replaced(text, ({ name }) => `\${${name}}`),
    known: (text) => {
      const used = Array.from(text.matchAll(mark), ([, index]) => variables[Number(index)])
      return used.every((each) => each !== undefined && mayBeShown(each))
        ? replaced(text, ({ value }) => value)
        : null
    },
  }
}

const mayBeShown = ({ name, value, isReal }: Variable) =>
  isReal && !isSecretName(name) && knownSecret(value) === null && passwordInUrl(value) === null

/** As Compose interpolates: `$$`, `$NAME`, `${NAME}`, and `${NAME:-default}` with whatever is in it. */
const filled = (text: string, valueOf: (name: string) => string | null): string => {
  let found = ''
  for (let at = 0; at < text.length;) {
    const [whole, plain, braced, how = ''] =
      /^(?:\$\$|\$([A-Za-z_]\w*)|\$\{([A-Za-z_]\w*)(:?[-+?])?)/.exec(text.slice(at)) ?? []
    if (whole === undefined) {
      found += text[at++]
      continue
    }
    at += whole.length
    const value = valueOf(plain ?? braced ?? '')
    if (braced === undefined) found += plain === undefined ? '$' : (value ?? '')
    else {
      const end = endOf(text, at)
      const other = filled(text.slice(at, end), valueOf)
      at = end + 1
      if (how.endsWith('+')) found += value === null ? '' : other
      else found += value ?? (how.endsWith('-') ? other : '')
    }
  }
  return found
}

/** Where the brace closes that was opened before. */
const endOf = (text: string, from: number): number => {
  let depth = 1
  for (let at = from; at < text.length; at++) {
    if (text.startsWith('${', at)) depth += 1
    else if (text[at] === '}' && --depth === 0) return at
  }
  return text.length
}
