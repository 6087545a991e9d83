import type { RuleText } from '../rule.ts'

/** What `zarpe check --history` finds; it looks at commits and not at files. */
export const secretInHistory: RuleText = {
  id: 'secret-in-history',
  severity: 'error',
  title: 'A commit has brought a secret into the repository.',
  why: 'Whoever has a copy of the repository has it, also after the file was changed or removed.',
  fix: [
    'Renew it where it was issued: what git has seen counts as known. That alone makes it worthless.',
    'Once they are all renewed: check: { off: { secret-in-history: … } } in zarpe.yml, with the date.',
  ],
}
