import { environmentPlace } from '../places.ts'
import type { Project } from '../model.ts'
import type { Finding, Rule } from '../rule.ts'
import { isPlaceholder, isSecretName, passwordInUrl } from '../secrets.ts'

export const secretPlaceholder: Rule = {
  id: 'secret-placeholder',
  severity: 'error',
  title: 'A secret still has a placeholder for its value.',
  why: 'Such as `changeme` or `password`: it is the first that anybody tries who finds the login.',
  fix: ['Make a real one: openssl rand -base64 32'],
  bad: {
    files: {
      'compose.yml': `services:
  web:
    image: shop:1.4
    environment:
      SECRET_KEY: \${SECRET_KEY:?}
      ADMIN_PASSWORD: changeme
`,
      '.env.production': `# values
SECRET_KEY=change-me-in-production
`,
    },
    at: ['.env.production:2:1', 'compose.yml:6:7'],
  },
  good: {
    files: {
      'compose.yml': `services:
  web:
    image: shop:1.4
    environment:
      SECRET_KEY: \${SECRET_KEY:?}
      ADMIN_PASSWORD: \${ADMIN_PASSWORD:?}
`,
      '.env.production': `SECRET_KEY=k7Qw
ADMIN_PASSWORD=p9Zr
`,
    },
  },
  find: (project) => [...inValues(project), ...inCompose(project)],
}

const inValues = ({ values }: Project): Finding[] =>
  Object.entries(values?.values ?? {})
    .filter(([name, value]) => isLeft(name, value))
    .map(([name]) => ({
      place: { file: values!.file, line: values!.lines[name]!, column: 1 },
      detail: `\`${name}\` has a placeholder for its value.`,
    }))

/** What was written into the Compose file itself; a value from elsewhere is told there. */
const inCompose = (project: Project): Finding[] => {
  const given = new Set(Object.values(project.values?.values ?? {}))
  return Object.entries(project.compose?.services ?? {}).flatMap(([service, { environment }]) =>
    Object.entries(environment ?? {})
      .filter(([name, value]) => isLeft(name, value ?? '') && !given.has(value ?? ''))
      .map(([name]) => ({
        place: environmentPlace(project, service, name),
        detail: `\`${name}\` of service "${service}" has a placeholder for its value.`,
      })),
  )
}

const isLeft = (name: string, value: string) =>
  (isSecretName(name) && isPlaceholder(value)) || (passwordInUrl(value)?.isPlaceholder ?? false)
