import { missingPackages, type Rule, serverStep } from './rule.ts'

const needed = ['ca-certificates', 'iproute2', 'nftables', 'procps', 'sudo']

const shownMax = 3

const someOf = (names: string[]) =>
  names.length <= shownMax
    ? names.join(' ')
    : `${names.slice(0, shownMax).join(' ')} and ${names.length - shownMax} more`

/** The tools that the other rules and the agent stand on. */
export const packages: Rule = {
  id: 'packages',
  why: 'the tools that everything else stands on',
  wanted: (facts) => [
    ...(facts.brokenPackages.length > 0
      ? [
          serverStep(
            'server.packages',
            someOf(facts.brokenPackages),
            'an earlier installation was cut off and left them half done',
            { install: facts.brokenPackages },
          ),
        ]
      : []),
    ...missingPackages(facts, needed, packages.why),
  ],
}
