import type { Place } from '../problem/problem.ts'
import type { FileRuleId, RuleId } from './ids.ts'
import type { Project } from './model.ts'

/**
 * - `error`: will go wrong, or is a secret in the wrong place; `check` fails.
 * - `warning`: goes wrong on a bad day; `check --strict` fails.
 * - `advice`: worth knowing, never fails.
 */
export type Severity = 'error' | 'warning' | 'advice'

/** One place at which a rule is broken. `detail` never holds a value that may be secret. */
export type Finding = {
  detail: string
  place: Place
  /** In place of the rule's own, when this place allows a closer one. */
  fix?: string[]
}

/** A small project; `zarpe.yml`, `compose.yml` and `Dockerfile` are filled in if it has none. */
export type Example = {
  files: Record<string, string>
  /** Files that git keeps; all but those named `.env…` if it is left out. */
  tracked?: string[]
}

/** What a rule says, wherever it is found. */
export type RuleText = {
  id: RuleId
  severity: Severity
  /** What is wrong: a sentence that is the same wherever it is found. */
  title: string
  /** What happens if it stays as it is. */
  why: string
  /** Edits or commands that can be copied. */
  fix: string[]
  /** Codes of problems that `plan` refuses; one of them at the same line says it already. */
  toldBy?: string[]
}

/** One thing that `zarpe check` looks for in files. The table in `rules.ts` drives everything else. */
export type Rule = RuleText & {
  id: FileRuleId
  /** Needs nothing but the text of files, so that it can look at what git is about to commit. */
  staged?: true
  /** Found, and at exactly these places: `file:line:column`. */
  bad: Example & { at: string[] }
  /** The same, put right: nothing is found. */
  good: Example
  find: (project: Project) => Finding[]
}
