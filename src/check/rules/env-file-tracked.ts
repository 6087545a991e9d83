import { posix } from 'node:path'
import { valuesFileOf } from '../../app/environment.ts'
import { parseDotenv } from '../../app/dotenv.ts'
import type { Project } from '../model.ts'
import type { Rule } from '../rule.ts'
import { isPlaceholder, isSecret } from '../secrets/secrets.ts'
import { isForOthers, isNamedForValues } from '../secrets/values-files.ts'

export const envFileTracked: Rule = {
  id: 'env-file-tracked',
  severity: 'error',
  title: 'A file of secret values is in git.',
  why: 'Whoever can read the repository, now or in its history, has the values.',
  fix: ['git rm --cached <file> && echo "<file>" >> .gitignore', 'Renew the values.'],
  staged: true,
  toldBy: ['environment/in-git'],
  bad: {
    files: {
      '.env.local': `SMTP_PASSWORD=Rw4kq9Zt
`,
      'api/.env': `API_TOKEN=Kw8rTz1p
`,
      'db.env': `POSTGRES_PASSWORD=tulip9again
`,
      'mail/relay': `SMTP_PASSWORD=tulip9again
`,
      'compose.yml': `services:
  web:
    image: shop:1.4
    env_file: [./mail/relay]
`,
    },
    tracked: ['.env.local', 'api/.env', 'db.env', 'mail/relay', 'compose.yml'],
    at: ['.env.local:1:1', 'api/.env:1:1', 'db.env:1:1', 'mail/relay:1:1'],
  },
  good: {
    files: {
      '.env.production': `API_TOKEN=Kw8rTz1p
`,
      '.env.example': `API_TOKEN=
`,
      '.env.development': `API_TOKEN=changeme
PORT=3000
`,
      'example.env': `API_TOKEN=Kw8rTz1p
`,
    },
    tracked: ['.env.example', '.env.development', 'example.env'],
  },
  find: (project) =>
    (project.tracked ?? [])
      .filter((file) => isValues(project, file))
      .toSorted()
      .map((file) => ({
        place: { file, line: 1, column: 1 },
        detail: `${file} is in git.`,
        fix: [
          `git rm --cached ${file} && echo ${file} >> .gitignore`,
          'Renew the values that it holds: they stay in the history.',
        ],
      })),
}

/** The values of an environment of zarpe.yml, or another file of values with a secret in it. */
const isValues = ({ config, envFiles, texts }: Project, file: string): boolean => {
  const used = Object.entries(config.environments).map(([name, settings]) =>
    valuesFileOf(name, settings),
  )
  if (used.includes(file)) return true
  const isNamed = envFiles.some((each) => posix.normalize(each) === file) && !isForOthers(file)
  if (!isNamed && !isNamedForValues(file)) return false
  const text = texts.find((each) => each.file === file)?.text ?? ''
  return Object.entries(parseDotenv(file, text).values).some(
    ([name, value]) => isSecret(name, value) && !isPlaceholder(value),
  )
}
