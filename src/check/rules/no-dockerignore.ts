import type { Rule } from '../rule.ts'

export const noDockerignore: Rule = {
  id: 'no-dockerignore',
  severity: 'warning',
  title: 'A build takes the whole folder, and nothing is left out.',
  why: 'The history in .git, node_modules, local data and files of secrets go into the image, and any change of them makes a new one.',
  fix: [
    'printf ".git\\nnode_modules\\n.env*\\n*.pem\\nDockerfile\\ncompose*.yml\\n" > .dockerignore',
  ],
  bad: {
    files: {
      'compose.yml': `services:
  web:
    build: .
`,
      Dockerfile: `FROM node:24-slim
COPY . .
USER node
CMD ["node", "server.mjs"]
`,
    },
    at: ['Dockerfile:2:1'],
  },
  good: {
    files: {
      'compose.yml': `services:
  web:
    build: .
  api:
    build: ./api
`,
      Dockerfile: `FROM node:24-slim
COPY . .
USER node
CMD ["node", "server.mjs"]
`,
      '.dockerignore': `.git
`,
      'api/Dockerfile': `FROM node:24-slim
COPY server.mjs ./
USER node
CMD ["node", "server.mjs"]
`,
    },
  },
  find: (project) =>
    project.images
      .filter(({ ignore }) => ignore === null)
      .flatMap(({ stages, file, context }) => {
        const all = stages
          .flatMap(({ instructions }) => instructions)
          .find(
            ({ keyword, words, flags }) =>
              /^(COPY|ADD)$/.test(keyword) &&
              !flags.some(({ name }) => name === 'from') &&
              words.slice(0, -1).some((word) => /^\.?\/?$/.test(word)),
          )
        if (!all) return []
        const path = context === '.' ? '.dockerignore' : `${context}/.dockerignore`
        return [
          {
            place: { file, line: all.line, column: all.column },
            detail: `It copies everything, and there is no ${path}.`,
            fix: [
              `printf ".git\\nnode_modules\\n.env*\\n*.pem\\nDockerfile\\ncompose*.yml\\n" > ${path}    # and what else it does not need`,
            ],
          },
        ]
      }),
}
