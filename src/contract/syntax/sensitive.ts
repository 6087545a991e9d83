import { isSecretName } from '../../check/secrets/secrets.ts'
import type { Root } from './header.ts'
import { type Node, textNode } from '../model.ts'
import type { Decorator, Item } from './sheet.ts'
import { typeNamed } from '../types/table.ts'

/** A value that stands there for everybody to read, unlike a reference or a call. */
export const isWritten = (node: Node): boolean =>
  node.is === 'text'
    ? node.text !== '' && (node.quoted || node.text !== 'undefined')
    : node.is !== 'call'

/** Types that hold no secret, whatever the name: PASSWORD_MIN_LENGTH, TOKEN_LIFETIME. */
const openTypes = new Set([
  'number',
  'boolean',
  'port',
  'duration',
  'enum',
  'zarpe_size',
  'zarpe_cron',
])

/**
 * Whether a variable is a secret. `certain` is false when nothing tells but that it has a default, or
 * has none.
 */
export const sensitivityOf = (
  item: Item,
  of: (name: string) => Decorator | undefined,
  type: Node,
  root: Root,
): { is: boolean; certain: boolean } => {
  const sensitive = of('sensitive')?.value
  const open = of('public')?.value
  const said = (node: Node) => !(node.is === 'text' && node.text === 'false')
  if (sensitive) {
    const inner =
      sensitive.is === 'record' ? (sensitive.entries['enabled'] ?? textNode('true')) : sensitive
    return { is: said(inner), certain: true }
  }
  if (open) return { is: !said(open), certain: true }
  const typeName = type.is === 'text' ? type.text : type.is === 'call' ? type.name : ''
  // The name of an environment is told everywhere, and `forEnv` depends on it.
  if (item.name === root.environmentVariable) return { is: false, certain: true }
  if (typeNamed(typeName)?.secret) return { is: true, certain: true }
  if (isSecretName(item.name) && !openTypes.has(typeName)) return { is: true, certain: true }
  if (root.publicPrefix !== null && item.name.startsWith(root.publicPrefix))
    return { is: false, certain: true }
  if (root.sensitive !== null) return { is: root.sensitive, certain: root.publicPrefix === null }
  // The file says nothing: what has a default for everybody to read is no secret.
  return { is: item.value === null || !isWritten(item.value), certain: false }
}
