import { basename } from 'node:path'
import { isGenerated, type KnownValue, knownValueIn, secretInLine } from '../secrets/lines.ts'
import type { AddedLine } from './patch.ts'
import { isPlaceholder, isSecret } from '../secrets/secrets.ts'
import { isNamedForValues } from '../secrets/values-files.ts'

/** A secret that a commit brought in: what kind, and never the text. */
export type Leak = { kind: string; column: number }

const looksLikeCompose = /^(docker-)?compose[\w.-]*\.ya?ml$/
const looksLikeDockerfile = /^(Dockerfile|Containerfile)([.-][\w.-]*)?$|\.dockerfile$/i

const assignment =
  /^\s*(?:-\s+|export\s+|ENV\s+|ARG\s+)?["']?([A-Za-z_][\w.-]*)["']?\s*[:=]\s*(.+?)\s*$/

/** What a line that a commit added gives away; null if nothing, or if the line itself says why not. */
export const leakIn = (
  { file, text }: Pick<AddedLine, 'file' | 'text'>,
  known: KnownValue[],
): Leak | null => {
  if (/zarpe:\s*off\s+(secret-in-code|env-file-tracked|secret-in-compose)\b/.test(text)) return null
  const found = knownValueIn(text, known) ?? secretInLine(text, isGenerated(file))
  if (found) return { kind: found.kind, column: found.index + 1 }
  const name = basename(file)
  if (!isNamedForValues(file) && !looksLikeCompose.test(name) && !looksLikeDockerfile.test(name))
    return null
  const [, variable = '', raw = ''] = assignment.exec(text) ?? []
  const value = raw.replace(/^(["'])(.*)\1$/, '$2')
  if (!isSecret(variable, value) || isPlaceholder(value) || value.includes('${')) return null
  return { kind: `a value for \`${variable}\``, column: text.indexOf(variable) + 1 }
}
