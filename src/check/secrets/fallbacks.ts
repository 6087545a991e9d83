import type { TextFile } from '../model.ts'
import { linesOf } from '../reading/places.ts'
import { isHarmless, isSecretName, passwordInUrl } from './secrets.ts'

/** A `${NAME:-text}` whose text would be used as a secret. */
export type Fallback = { name: string; file: string; line: number; column: number }

/** After an odd number of dollar signs: `$${…}` is for the shell in the container. */
const fallback = /(?<=(?<!\$)(?:\$\$)*)\$\{([A-Za-z_]\w*):?-((?:\$\{[^}]*\}|\$(?!\{)|[^}$])*)\}/g

/** Every secret in a Compose file that has a fallback value; the value itself is left behind here. */
export const fallbacksIn = (source: TextFile): Fallback[] =>
  linesOf(source).flatMap(({ line, code }) => {
    const key = /^\s*(?:-\s+)?["']?([A-Za-z_][\w.-]*)["']?\s*[:=]/.exec(code)?.[1] ?? ''
    return [...code.matchAll(fallback)]
      .filter(([, name = '', value = '']) => {
        if (passwordInUrl(value)) return true
        return (isSecretName(name) || isSecretName(key)) && !isHarmless(value)
      })
      .map(({ index, 1: name = '' }) => ({ name, file: source.file, line, column: index + 1 }))
  })
