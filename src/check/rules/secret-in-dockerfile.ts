import type { BuiltImage } from '../model.ts'
import type { Finding, Rule } from '../rule.ts'
import { fakeToken } from '../secrets/fake.ts'
import {
  isPlaceholder,
  isSecret,
  isSecretName,
  knownSecret,
  passwordInUrl,
} from '../secrets/secrets.ts'

export const secretInDockerfile: Rule = {
  id: 'secret-in-dockerfile',
  severity: 'error',
  title: 'A secret is built into an image.',
  why: 'Everybody who gets the image can read it with `docker history` or `docker inspect`; a later line that removes it does not help.',
  fix: [
    'At run time: remove the line and name it under `environment:` in the Compose file.',
    'During the build: RUN --mount=type=secret,id=npm_token NPM_TOKEN="$(cat /run/secrets/npm_token)" npm ci',
    'Renew what was in there.',
  ],
  staged: true,
  bad: {
    files: {
      Dockerfile: `FROM node:24-slim
ARG NPM_TOKEN
ENV API_KEY=Kw8rTz1pQ0 PORT=3000
RUN curl -H "Authorization: token ${fakeToken}" https://api.shop.example
USER node
CMD ["node", "server.mjs"]
`,
    },
    at: ['Dockerfile:2:5', 'Dockerfile:3:5', 'Dockerfile:4:1'],
  },
  good: {
    files: {
      Dockerfile: `FROM node:24-slim
ARG TOKEN_TTL=60
ENV PASSWORD_FILE=/run/password
RUN --mount=type=secret,id=npm_token NPM_TOKEN="$(cat /run/secrets/npm_token)" npm ci
USER node
CMD ["node", "server.mjs"]
`,
    },
  },
  find: (project) => project.images.flatMap(inImage),
}

const inImage = ({ file, stages }: BuiltImage): Finding[] =>
  stages.flatMap(({ instructions }) =>
    instructions.flatMap((instruction) => {
      const variables = instruction.variables.flatMap(({ name, value, line, column }) => {
        const place = { file, line, column }
        const told = aboutVariable(instruction.keyword, name, value ?? '')
        return told ? [{ place, detail: told }] : []
      })
      if (variables.length > 0) return variables
      const place = { file, line: instruction.line, column: instruction.column }
      const kind = knownSecret(instruction.text)?.kind
      if (kind) return [{ place, detail: `The ${instruction.keyword} line holds ${kind}.` }]
      const url = passwordInUrl(instruction.text)
      return url && !url.isPlaceholder
        ? [{ place, detail: `The ${instruction.keyword} line holds a URL with its password.` }]
        : []
    }),
  )

const aboutVariable = (keyword: string, name: string, value: string): string | null => {
  const kind = knownSecret(value)?.kind
  if (kind) return `${keyword} ${name} holds ${kind}.`
  if (keyword === 'ARG' && isSecretName(name))
    return `What is given as the build argument ${name} stays in the image's history.`
  return isSecret(name, value) && !isPlaceholder(value)
    ? `ENV ${name} has its value written out.`
    : null
}
