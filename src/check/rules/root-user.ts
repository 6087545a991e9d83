import { isRoot, lineage, userOf } from '../reading/dockerfile.ts'
import type { BuiltImage, Project } from '../model.ts'
import { composePlace } from '../reading/places.ts'
import type { Finding, Rule } from '../rule.ts'

export const rootUser: Rule = {
  id: 'root-user',
  severity: 'warning',
  title: 'A service runs as root.',
  why: 'Whoever breaks into the app is root in its container, one flaw of the kernel away from the server.',
  fix: ['USER 10001    # at the end of the Dockerfile; COPY --chown=10001 what the app must write'],
  bad: {
    files: {
      'compose.yml': `services:
  web:
    build: .
  worker:
    image: shop:1.4
    user: "0:0"
`,
      Dockerfile: `FROM node:24-slim AS build
USER node
FROM node:24-slim
COPY --from=build /app /app
CMD ["node", "server.mjs"]
`,
    },
    at: ['Dockerfile:3:1', 'compose.yml:6:11'],
  },
  good: {
    files: {
      'compose.yml': `services:
  web:
    build: .
  api:
    build: ./api
    user: "1000"
`,
      'api/Dockerfile': `FROM python:3.13-slim
CMD ["python", "api.py"]
`,
      Dockerfile: `FROM node:24-slim
USER node
CMD ["node", "server.mjs"]
`,
    },
  },
  find: (project) => [
    ...project.images.flatMap((image) => inImage(project, image)),
    ...Object.entries(project.compose?.services ?? {})
      .filter(([, { user }]) => isRoot(user))
      .map(([name]) => ({
        place: composePlace(project, ['services', name, 'user'], 'value'),
        detail: `Service "${name}" is told to.`,
        fix: ['Remove `user`, or name one that is not root: user: "1000:1000"'],
      })),
  ],
}

const inImage = (project: Project, image: BuiltImage): Finding[] => {
  const { final, file, services } = image
  const asBuilt = services.filter((name) => !project.compose?.services[name]?.user)
  if (!final || asBuilt.length === 0 || isSafeBase(lineage(final)[0]!.from)) return []
  const last = userOf(final)
  if (last && !isRoot(last.text)) return []
  const { line, column } = last ?? final
  return [
    {
      place: { file, line, column },
      detail: last
        ? `The last USER of the image is root, for ${asBuilt.join(', ')}.`
        : `The image of ${asBuilt.join(', ')} names no USER.`,
      fix: [
        /(^|\/)node:/.test(final.from)
          ? 'USER node    # at the end of the Dockerfile; the image has this user'
          : 'RUN useradd --uid 10001 app    # Alpine: adduser -D -u 10001 app',
        ...(/(^|\/)node:/.test(final.from) ? [] : ['USER app    # before CMD']),
      ],
    },
  ]
}

/** Bases that are known to bring a user of their own. */
const isSafeBase = (base: string) => /nonroot|unprivileged|chainguard|\/rootless/.test(base)
