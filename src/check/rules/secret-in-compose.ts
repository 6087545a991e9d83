import type { ComposeFile } from '../model.ts'
import { placeWords, scalarsOf, variableOf } from '../reading/scalars.ts'
import type { Rule } from '../rule.ts'
import { isPlaceholder, isSecret, knownSecret, passwordInUrl } from '../secrets/secrets.ts'
import { fakeToken } from '../secrets/fake.ts'

export const secretInCompose: Rule = {
  id: 'secret-in-compose',
  severity: 'error',
  title: 'A secret is written into the Compose file.',
  why: 'Whoever can read the repository, now or in its history, can use it; and every environment shares it.',
  fix: [
    'Name it instead: POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?}',
    'Put a new value into .env.<environment>; the old one is known to git and must be renewed.',
  ],
  staged: true,
  bad: {
    files: {
      'compose.yml': `services:
  web:
    image: shop:1.4
    environment:
      - DATABASE_URL=postgres://shop:Kw8rTz1p@db/shop
    command: [serve, --token, ${fakeToken}]
  db:
    image: postgres:17
    environment:
      POSTGRES_PASSWORD: Kw8rTz1pQ0
    volumes: [data:/var/lib/postgresql/data]
volumes:
  data:
x-mail: &mail
  SMTP_PASSWORD: tulip-harbour
`,
    },
    at: ['compose.yml:5:9', 'compose.yml:6:31', 'compose.yml:10:26', 'compose.yml:15:18'],
  },
  good: {
    files: {
      'compose.yml': `services:
  db:
    image: postgres:17
    environment:
      POSTGRES_PASSWORD: \${POSTGRES_PASSWORD:?}
      POSTGRES_PASSWORD_FILE: /run/password
      PASSWORD_MIN_LENGTH: 12
      MAX_TOKENS: 4096
      DATABASE_URL: postgres://shop:\${POSTGRES_PASSWORD}@db/shop
    volumes: [data:/var/lib/postgresql/data]
volumes:
  data:
`,
      '.env.production': `POSTGRES_PASSWORD=k
`,
    },
  },
  find: (project) => project.composeFiles.flatMap(inFile),
}

const inFile = (file: ComposeFile) =>
  scalarsOf(file.located).flatMap(({ path, text }) => {
    const [name, value] = variableOf(path, text)
    const place = file.located.placeOf(path)
    const kind = knownSecret(text)?.kind
    if (kind) return [{ place, detail: `${placeWords(path, name)} holds ${kind}.` }]
    const url = passwordInUrl(value)
    if (url && !url.isPlaceholder)
      return [
        { place, detail: `${placeWords(path, name)} is a URL with its password written out.` },
      ]
    if (!isSecret(name, value) || isPlaceholder(value)) return []
    return [{ place, detail: `${placeWords(path, name)} has its value written out.` }]
  })
