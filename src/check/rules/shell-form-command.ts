import type { BuiltImage } from '../model.ts'
import type { Finding, Rule } from '../rule.ts'

export const shellFormCommand: Rule = {
  id: 'shell-form-command',
  severity: 'warning',
  title: 'An app may never hear that it must stop.',
  why: 'A shell or npm stands between it and SIGTERM. The app is killed at the end of its grace period, with the requests it is serving.',
  fix: ['CMD ["node", "server.mjs"]    # the program and its arguments, in brackets'],
  bad: {
    files: {
      'compose.yml': `services:
  web:
    build: .
  api:
    build: ./api
`,
      Dockerfile: `FROM node:24-slim
USER node
CMD node server.mjs --port $PORT
`,
      'api/Dockerfile': `FROM node:24-slim
USER node
CMD ["npm", "start"]
`,
    },
    at: ['Dockerfile:3:1', 'api/Dockerfile:3:1'],
  },
  good: {
    files: {
      'compose.yml': `services:
  web:
    build: .
  api:
    build: ./api
  worker:
    build: { context: ., target: worker }
    command: [node, worker.mjs]
`,
      Dockerfile: `FROM node:24-slim AS worker
USER node
CMD node nothing.mjs
FROM node:24-slim
USER node
CMD ["node", "server.mjs"]
`,
      'api/Dockerfile': `FROM node:24-slim
USER node
CMD exec node server.mjs --port $PORT
`,
    },
  },
  find: (project) =>
    project.images.flatMap((image) => {
      // What the Compose file puts in its place is run as it stands, without a shell.
      const used = image.services.filter((name) => {
        const service = project.compose?.services[name]
        return !service?.command && !service?.entrypoint
      })
      return used.length > 0 ? inImage(image) : []
    }),
}

const inImage = ({ final, file }: BuiltImage): Finding[] => {
  const last = (keyword: string) =>
    final?.instructions.findLast((instruction) => instruction.keyword === keyword)
  const entrypoint = last('ENTRYPOINT')
  const command = last('CMD')
  // In the exec form an ENTRYPOINT gets CMD as its arguments, and is what hears the signal.
  const started = entrypoint ?? command
  if (!started) return []
  const place = { file, line: started.line, column: started.column }
  if (!started.isExec)
    return /^\s*exec\s/.test(started.text)
      ? []
      : [
          {
            place,
            detail: `${started.keyword} is written without brackets, so /bin/sh starts it and may keep the signal to itself.`,
            fix: [
              `${started.keyword} ["program", "argument"]`,
              `Or, if it needs variables: ${started.keyword} exec ${started.text.trim()}`,
            ],
          },
        ]
  const isRunner = /^(npm|yarn|pnpm)$/.test(started.words[0] ?? '')
  return isRunner
    ? [
        {
          place,
          detail: `${started.keyword} starts a package manager, which starts a shell, which starts the app.`,
        },
      ]
    : []
}
