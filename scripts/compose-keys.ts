// Writes test/fixtures/compose-keys.json, the list of every key of the Compose specification, from its
// JSON Schema: node scripts/compose-keys.ts <compose-spec.json> "<where it is from>"
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './bundle.ts'

type Schema = {
  $ref?: string
  oneOf?: Schema[]
  anyOf?: Schema[]
  allOf?: Schema[]
  properties?: Record<string, Schema>
  patternProperties?: Record<string, Schema>
  additionalProperties?: boolean | Schema
  items?: Schema
  definitions?: Record<string, Schema>
  $defs?: Record<string, Schema>
}

/** Every path of keys: `*` for a name of the user's, `[]` for the items of a list. */
const pathsOf = (schema: Schema): string[] => {
  const parts = schema.definitions ?? schema.$defs ?? {}
  const paths = new Set<string>()
  const walk = (node: Schema, path: string[], inside: string[]) => {
    const name = node.$ref?.split('/').at(-1)
    if (name && !inside.includes(name)) walk(parts[name]!, path, [...inside, name])
    for (const each of [...(node.oneOf ?? []), ...(node.anyOf ?? []), ...(node.allOf ?? [])])
      walk(each, path, inside)
    for (const [key, each] of Object.entries(node.properties ?? {})) {
      paths.add([...path, key].join('.'))
      walk(each, [...path, key], inside)
    }
    const named = Object.entries(node.patternProperties ?? {}).filter(([key]) => key !== '^x-')
    for (const [, each] of named) walk(each, [...path, '*'], inside)
    const more = node.additionalProperties
    if (typeof more === 'object') walk(more, [...path, '*'], inside)
    if (node.items) walk(node.items, [...path, '[]'], inside)
  }
  walk(schema, [], [])
  return [...paths].toSorted()
}

const [file, source] = process.argv.slice(2)
if (file === undefined || source === undefined) {
  console.error('node scripts/compose-keys.ts <compose-spec.json> "<where it is from>"')
  process.exit(2)
}
const paths = pathsOf(JSON.parse(readFileSync(file, 'utf8')) as Schema)
const fixture = { source, how: 'scripts/compose-keys.ts', paths }
writeFileSync(
  join(root, 'test/fixtures/compose-keys.json'),
  `${JSON.stringify(fixture, null, 2)}\n`,
)
console.log(`${paths.length} keys`)
