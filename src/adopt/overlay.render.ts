import { isEmpty, type Overlay } from './overlay.ts'

/** A mapping, or the text of a value and whether it is one that the user has to decide upon. */
type Tree = Map<string, Tree | Leaf>
type Leaf = { text: string; isOpen: boolean }

/** The Compose file that is merged last; null if there is nothing to take away. */
export const overlayFile = (overlay: Overlay): string | null => {
  if (isEmpty(overlay)) return null
  const tree: Tree = new Map()
  for (const { service, why } of overlay.replaced)
    put(tree, ['services', service, 'profiles'], `[replaced-by-zarpe]    # ${why}`, false)
  for (const { path, why } of overlay.gone) put(tree, path, `!reset null    # ${why}`, false)
  for (const { path, why } of overlay.open) put(tree, path, `!reset null    # ${why}`, true)
  const open = [
    '# A line with a # before it is for you to decide upon: what it names cannot be carried, and leaving it out',
    '# changes what the app does, so "zarpe check" refuses it. Where the app can do without, take the # away.',
  ]
  return [
    '# Written by "zarpe init": merged after your own Compose files, which stay as they are. `!reset` takes',
    '# away what stands there (Docker Compose 2.24 and later); a service with a profile is left out.',
    ...(overlay.open.length > 0 ? open : []),
    // Compose takes no mapping that is empty.
    ...(isAllOpen(tree) ? ['services: {}    # goes when a # below does'] : []),
    ...lines(tree, ''),
    '',
  ].join('\n')
}

const put = (tree: Tree, path: string[], text: string, isOpen: boolean) => {
  const [step, ...rest] = path as [string, ...string[]]
  if (rest.length === 0) {
    tree.set(step, { text: text.replaceAll(/[\r\n]+/g, ' '), isOpen })
    return
  }
  const below = tree.get(step)
  // What is taken away whole has no parts.
  if (below && !(below instanceof Map)) return
  const next: Tree = below ?? new Map()
  tree.set(step, next)
  put(next, rest, text, isOpen)
}

const isAllOpen = (value: Tree | Leaf): boolean =>
  value instanceof Map ? [...value.values()].every(isAllOpen) : value.isOpen

const lines = (tree: Tree, indent: string): string[] =>
  [...tree].flatMap(([key, value]) => {
    const name = /^[A-Za-z_][\w.-]*$/.test(key) ? key : JSON.stringify(key)
    const sign = isAllOpen(value) ? '# ' : ''
    return value instanceof Map
      ? [`${sign}${indent}${name}:`, ...lines(value, `${indent}  `)]
      : [`${sign}${indent}${name}: ${value.text}`]
  })
