import { Document, isMap, isScalar, parseDocument, YAMLMap } from 'yaml'

const path = ['secrets', 'recipients']

/** zarpe.yml with one recipient more. Comments, order and spelling of the rest stay. */
export const withRecipient = (text: string, name: string, key: string): string =>
  changed(text, (document) => document.setIn([...path, name], key))

/** zarpe.yml without a recipient. */
export const withoutRecipient = (text: string, name: string): string =>
  changed(text, (document) => {
    const all = document.getIn(path)
    // A key such as `true` is no text to YAML, and a name to us.
    if (isMap(all)) all.items = all.items.filter(({ key }) => nameOf(key) !== name)
  })

/** Writes only the part `secrets` anew, so that a change of the file shows nothing else. */
const changed = (text: string, change: (document: Document) => void): string => {
  const document = parseDocument(text)
  const before = partOf(document)
  const start = before?.key.range?.[0] ?? text.length
  const end = before?.value.range?.[1] ?? text.length
  change(document)
  const lines = linesOf(document)
  const space = /\s*$/.exec(text.slice(start, end))?.[0] ?? ''
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n'
  const own = (part: string) => part.replaceAll('\n', lineBreak)
  const spliced = before
    ? text.slice(0, start) + own(lines.trimEnd()) + space + text.slice(end)
    : `${text.replace(/[\r\n]*$/, lineBreak)}${own(lines)}`
  return isSame(spliced, document) ? spliced : document.toString({ lineWidth: 0 })
}

const nameOf = (key: unknown) => String(isScalar(key) ? key.value : key)

const partOf = (document: Document) => {
  if (!isMap(document.contents)) return null
  const pair = document.contents.items.find(({ key }) => isScalar(key) && key.value === path[0])
  const { key, value } = pair ?? {}
  return isScalar(key) && isMap(value) ? { key, value } : null
}

/** The part alone, as a file of its own would have it. */
const linesOf = (document: Document): string => {
  const own = new Document<YAMLMap>(new YAMLMap())
  own.contents!.set(path[0], document.get(path[0]))
  return own.toString({ lineWidth: 0 })
}

const isSame = (text: string, document: Document) => {
  const again = parseDocument(text)
  return (
    again.errors.length === 0 && JSON.stringify(again.toJS()) === JSON.stringify(document.toJS())
  )
}
