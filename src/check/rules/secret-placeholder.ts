import type { Project } from '../model.ts'
import type { Finding, Rule } from '../rule.ts'
import { placeWords, scalarsOf, variableOf } from '../reading/scalars.ts'
import { isPlaceholder, isSecretName, passwordInUrl } from '../secrets/secrets.ts'

export const secretPlaceholder: Rule = {
  id: 'secret-placeholder',
  severity: 'error',
  title: 'A secret still has a placeholder for its value.',
  toldBy: ['contract/placeholder'],
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
    at: ['.env.production:2:1', 'compose.yml:6:23'],
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

/** What is written into a Compose file; a value from elsewhere is told there. */
const inCompose = ({ composeFiles }: Project): Finding[] =>
  composeFiles.flatMap(({ located }) =>
    scalarsOf(located).flatMap(({ path, text }) => {
      const [name, value] = variableOf(path, text)
      if (!isLeft(name, value)) return []
      const detail = `${placeWords(path, name)} has a placeholder for its value.`
      return [{ place: located.placeOf(path), detail }]
    }),
  )

const isLeft = (name: string, value: string) =>
  (isSecretName(name) && isPlaceholder(value)) || (passwordInUrl(value)?.isPlaceholder ?? false)
