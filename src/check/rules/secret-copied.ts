import type { Instruction } from '../reading/dockerfile.ts'
import { isKeptOut } from '../../compose/dockerignore.ts'
import type { BuiltImage } from '../model.ts'
import type { Finding, Rule } from '../rule.ts'

export const secretCopied: Rule = {
  id: 'secret-copied',
  severity: 'error',
  title: 'A file of secrets is copied into an image.',
  why: 'It stays in a layer for everybody who gets the image, also when a later line removes it.',
  fix: [
    'printf ".env*\\n*.pem\\n*.key\\n" >> .dockerignore',
    'What the app needs at run time belongs under `environment:` in the Compose file.',
  ],
  bad: {
    files: {
      'compose.yml': `services:
  web:
    build: .
`,
      Dockerfile: `FROM node:24-slim
WORKDIR /app
COPY package.json .env ./
COPY . .
USER node
CMD ["node", "server.mjs"]
`,
      '.env': `A=b
`,
      'deploy.pem': `x
`,
    },
    at: ['Dockerfile:3:1', 'Dockerfile:4:1'],
  },
  good: {
    files: {
      'compose.yml': `services:
  web:
    build: .
`,
      Dockerfile: `FROM node:24-slim
WORKDIR /app
COPY package.json ./
COPY . .
USER node
CMD ["node", "server.mjs"]
`,
      '.env': `A=b
`,
      '.env.example': `A=
`,
      'deploy.key': `x
`,
      'root.pem': `-----BEGIN CERTIFICATE-----
`,
      '.dockerignore': `.env*
!.env.example
**/*.key
`,
    },
  },
  find: (project) => project.images.flatMap(inImage),
}

const isSecretFile = (name: string) =>
  (/^\.env(\..+)?$/.test(name) &&
    !/\.(example|sample|template|dist|schema|age|defaults)$/.test(name)) ||
  /^(id_(rsa|ed25519|ecdsa)|\.npmrc|\.pypirc|\.netrc|\.git-credentials|credentials\.json)$|\.(pem|key|p12|pfx|kdbx)$/.test(
    name,
  )

const inImage = (image: BuiltImage): Finding[] =>
  image.stages.flatMap(({ instructions }) =>
    instructions
      .filter(({ keyword, flags }) => /^(COPY|ADD)$/.test(keyword) && !flags.some(isFrom))
      .flatMap((copy) => {
        const names = copied(image, copy)
        if (names.length === 0) return []
        const place = { file: image.file, line: copy.line, column: copy.column }
        const ignore = image.context === '.' ? '.dockerignore' : `${image.context}/.dockerignore`
        return [
          {
            place,
            detail: `${names.join(', ')} would be in the image.`,
            fix: [
              `printf "${names.map((name) => `${name}\\n`).join('')}" >> ${ignore}`,
              'What the app needs at run time belongs under `environment:` in the Compose file.',
            ],
          },
        ]
      }),
  )

const isFrom = ({ name }: { name: string }) => name === 'from'

/** Files of secrets that a COPY takes: those that it names, and those in what it takes whole. */
const copied = (image: BuiltImage, { words }: Instruction): string[] => {
  const sources = words.slice(0, -1).map((word) => word.replace(/^\.?\//, '').replace(/\/$/, ''))
  const whole = sources.some((source) => source === '' || source === '.' || source === '*')
  return image.contextNames.filter(
    (name) =>
      isSecretFile(name) &&
      !image.certificates.includes(name) &&
      !isKeptOut(image.ignore, name) &&
      (whole || sources.some((source) => source === name || matches(source, name))),
  )
}

const matches = (source: string, name: string) => source.includes('*') && isKeptOut(source, name)
