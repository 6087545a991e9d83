/** A field of a settings class, as the variable that it is read from. */
export type Setting = { name: string; needed: boolean; form: 'json' | 'text' | null }

const field = /^([A-Za-z]\w*)\s*:\s*([^=#]+?)\s*(?:=\s*(.*))?$/

/**
 * Variables that a Python file reads through classes of pydantic's `BaseSettings`: each field is one,
 * without a default it is needed, and a list is read as JSON.
 */
export const readInSettings = (text: string): Setting[] => {
  if (!text.includes('BaseSettings')) return []
  const lines = text.replaceAll(/("""|''')[\s\S]*?\1/g, blanked).split(/\r?\n/)
  return lines.flatMap((line, index) => {
    const [, indent, bases = ''] = /^(\s*)class\s+\w+\(([^)]*)\)\s*:/.exec(line) ?? []
    return indent !== undefined && /\bBaseSettings\b/.test(bases)
      ? fieldsOf(bodyOf(lines.slice(index + 1), indent.length))
      : []
  })
}

const blanked = (text: string) => text.replaceAll(/[^\n]/g, ' ')

const indentOf = (line: string) => line.length - line.trimStart().length

const bodyOf = (lines: string[], indent: number): string[] => {
  const filled = (line: string) => line.trim() !== ''
  const end = lines.findIndex((line) => filled(line) && indentOf(line) <= indent)
  return (end < 0 ? lines : lines.slice(0, end)).filter(filled)
}

const fieldsOf = (body: string[]): Setting[] => {
  const indent = indentOf(body[0] ?? '')
  const prefix = /env_prefix\s*=\s*["'](\w*)["']/.exec(body.join('\n'))?.[1] ?? ''
  return body
    .filter((line) => indentOf(line) === indent)
    .flatMap((line) => {
      const [, name = '', type = '', value] = field.exec(line.trim()) ?? []
      if (!name || name === 'model_config' || /^ClassVar\b/.test(type)) return []
      const alias = /\b(?:validation_)?alias\s*=\s*["'](\w+)["']/.exec(value ?? '')?.[1]
      return [
        {
          name: (alias ?? prefix + name).toUpperCase(),
          needed: isNeeded(value),
          form: formOf(type),
        },
      ]
    })
}

/** `Field(...)`, and `Field(` with nothing but keywords and no default among them, give no value. */
const isNeeded = (value: string | undefined): boolean => {
  if (value === undefined) return true
  const inside = /^Field\((.*)$/.exec(value)?.[1]
  return inside !== undefined && /^\s*(\.\.\.|\)|$|(?!default)\w+\s*=(?!.*\bdefault))/.test(inside)
}

/** How the library reads a value of this type. */
const formOf = (type: string): Setting['form'] => {
  if (/\bNoDecode\b/.test(type)) return null
  if (/^(Optional\[\s*)?(list|set|tuple|frozenset|List|Set|Tuple|Sequence)\b/.test(type))
    return 'json'
  return /^(Optional\[\s*)?str\b/.test(type) && !/\b(list|List)\b/.test(type) ? 'text' : null
}
