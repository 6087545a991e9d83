import type { Place } from '../../problem/problem.ts'
import type { Project, TextFile } from '../model.ts'

/** Where something of the merged Compose project was written, or the nearest part around it. */
export const composePlace = (
  project: Project,
  path: (string | number)[],
  what: 'key' | 'value' = 'key',
): Place => {
  for (let length = path.length; length > 0; length--) {
    const part = path.slice(0, length)
    // What comes last has the last word, as in merging.
    const found = project.composeFiles.findLast(({ located }) => located.has(part))
    if (found) return found.located.placeOf(part, length === path.length ? what : 'key')
  }
  return { file: project.composeFiles[0]?.file ?? 'compose.yml', line: 1, column: 1 }
}

/** Where a service's variable is set, in either of the two forms that Compose knows. */
export const environmentPlace = (project: Project, service: string, name: string): Place => {
  const path = ['services', service, 'environment']
  for (const { located } of project.composeFiles.toReversed()) {
    if (located.has([...path, name])) return located.placeOf([...path, name], 'key')
    const list = valueAt(located.value, path)
    if (!Array.isArray(list)) continue
    const index = list.findIndex((each) => String(each).split('=')[0] === name)
    if (index >= 0) return located.placeOf([...path, index])
  }
  return composePlace(project, path)
}

const valueAt = (value: unknown, path: string[]): unknown =>
  path.reduce<unknown>(
    (part, key) =>
      typeof part === 'object' && part !== null
        ? (part as Record<string, unknown>)[key]
        : undefined,
    value,
  )

/** The lines of a file that hold more than a comment, with their numbers, counted from 1. */
export const linesOf = ({ text }: TextFile): { line: number; code: string }[] =>
  text
    .split(/\r?\n/)
    .map((code, index) => ({ line: index + 1, code: code.replace(/(^|\s)#.*$/, '$1') }))
    .filter(({ code }) => code.trim() !== '')
