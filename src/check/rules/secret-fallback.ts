import type { Project } from '../model.ts'
import { fallbacksIn } from '../secrets/fallbacks.ts'
import type { Rule } from '../rule.ts'

export const secretFallback: Rule = {
  id: 'secret-fallback',
  severity: 'error',
  title: 'A secret has a fallback value.',
  why: 'When the real value is missing or its name misspelt, the app starts all the same, with a secret that everybody who reads the file knows.',
  fix: [
    'Name it without a fallback: SECRET_KEY: ${SECRET_KEY:?}',
    'Put its value into .env.<environment>, which git does not keep.',
  ],
  staged: true,
  bad: {
    files: {
      'compose.yml': `services:
  web:
    image: shop:1.4
    environment:
      SECRET_KEY: \${SECRET_KEY:-dev-secret}
      DATABASE_URL: "\${DATABASE_URL:-postgres://shop:shop@db/shop}"
`,
    },
    at: ['compose.yml:5:19', 'compose.yml:6:22'],
  },
  good: {
    files: {
      'compose.yml': `services:
  web:
    image: shop:1.4
    environment:
      SECRET_KEY: \${SECRET_KEY:?}
      LOG_LEVEL: \${LOG_LEVEL:-info}
      TOKEN_TTL: \${TOKEN_TTL:-3600}
`,
      '.env.production': `SECRET_KEY=k
`,
    },
  },
  find: (project) =>
    project.composeFiles.flatMap(fallbacksIn).map(({ name, ...place }) => ({
      place,
      detail: detailOf(project, name),
      fix: [
        `Write \${${name}:?} in its place, so that a missing value stops the deploy.`,
        valueFix(project, name),
      ],
    })),
}

/** A commit belongs to no environment. */
const valueFix = ({ environment }: Project, name: string) =>
  environment
    ? `zarpe env set ${name} --env ${environment}`
    : `Put the value into .env.<environment>: ${name}=…`

const detailOf = ({ environment, values, knowsValues }: Project, name: string) =>
  knowsValues && !values?.values[name]
    ? `\`${name}\` has no value in ${environment}, so the fallback is what would be deployed.`
    : `\`${name}\` would be the text in this file whenever its value is missing.`
