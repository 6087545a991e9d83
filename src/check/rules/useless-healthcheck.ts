import type { Project } from '../model.ts'
import { composePlace } from '../reading/places.ts'
import type { Finding, Rule } from '../rule.ts'

export const uselessHealthcheck: Rule = {
  id: 'useless-healthcheck',
  severity: 'warning',
  title: 'A health check cannot fail.',
  why: 'It says "healthy" whatever happens, so a release that cannot serve takes the place of one that did.',
  fix: [
    'Ask the app itself, and let the check exit with what the question exited with: no `|| true`.',
  ],
  bad: {
    files: {
      'compose.yml': `services:
  web:
    image: shop:1.4
    healthcheck:
      test: curl -s localhost:3000 || true
  worker:
    image: shop:1.4
    healthcheck:
      test: ["CMD", "true"]
  cron:
    image: shop:1.4
    healthcheck:
      disable: true
`,
    },
    at: ['compose.yml:5:13', 'compose.yml:9:13', 'compose.yml:12:5'],
  },
  good: {
    files: {
      'compose.yml': `services:
  web:
    image: shop:1.4
    healthcheck:
      test: curl -fsS localhost:3000/health || exit 1
`,
    },
  },
  find: (project) =>
    Object.keys(project.compose?.services ?? {}).flatMap((name) => [...inCompose(project, name)]),
}

const inCompose = (project: Project, name: string): Finding[] => {
  const check = project.compose?.services[name]?.healthcheck
  if (!check) return []
  const path = ['services', name, 'healthcheck']
  if (check.disable || check.test?.[0] === 'NONE')
    return [
      {
        place: composePlace(project, path),
        detail: `Service "${name}" turns its health check off.`,
      },
    ]
  const test = (check.test ?? []).slice(1).join(' ').trim()
  const reason = whyUseless(test)
  if (test === '' || !reason) return []
  const place = composePlace(project, [...path, 'test'], 'value')
  return [{ place, detail: `The check of service "${name}" ${reason}.` }]
}

const whyUseless = (test: string): string | null => {
  if (/^(\/(usr\/)?bin\/)?(true|echo\b.*|:|exit 0|sleep \S+)$/.test(test)) return 'asks nothing'
  const swallowed = /(\|\||;)\s*(true|exit 0|:|echo\b[^|;&]*)\s*$/.exec(test)
  if (swallowed)
    return `ends in \`${swallowed[1]} ${swallowed[2]!.split(' ')[0]}\`, so it always passes`
  const curls = /(^|\s)curl(?=\s)(?!.*(\s-\w*f|--fail|-w\b|--write-out|[^|]\|[^|]))/.test(test)
  return curls ? 'calls curl without `--fail`, which exits 0 for an answer of 500 too' : null
}
