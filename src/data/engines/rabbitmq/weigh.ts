import type { Loss } from '../../engine.ts'
import { compared, isFixed, kindWords, words } from './compare.ts'
import type { Definition } from './definitions.ts'

/** What an import would do to a live broker, and what it would leave as it is. */
export const definitionLosses = (then: Definition[], now: Definition[]): Loss[] => {
  const { missing, changed, added } = compared(then, now)
  const one = ({ label }: Definition, rowsNow: number, words: string): Loss => ({
    what: label,
    rowsNow,
    rowsThen: 1,
    words,
  })
  return [
    ...missing.map((each) => one(each, 0, 'comes back')),
    ...changed.map(({ definition, fields }) =>
      one(
        definition,
        1,
        isFixed(definition)
          ? `stays as it is now, with other ${words(fields)}: an import does not change it`
          : `goes back to what it was then: ${words(fields)}`,
      ),
    ),
    ...staying(added),
  ]
}

const namedMax = 3

/** There may be thousands that come and go by themselves: each kind is one line. */
const staying = (added: Definition[]): Loss[] =>
  [...Map.groupBy(added, ({ kind }) => kind)].map(([kind, each]) => {
    const named = each.slice(0, namedMax).map(({ label }) => label)
    const more = each.length > namedMax ? [`${each.length - namedMax} more`] : []
    return {
      what: kindWords(kind),
      rowsNow: each.length,
      rowsThen: each.length,
      words: `that are not in the backup stay: ${[...named, ...more].join(', ')}`,
    }
  })
