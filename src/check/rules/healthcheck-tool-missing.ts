import { baseOf, lineage } from '../reading/dockerfile.ts'
import type { BuiltImage, Project } from '../model.ts'
import { composePlace } from '../reading/places.ts'
import type { Finding, Rule } from '../rule.ts'

export const healthcheckToolMissing: Rule = {
  id: 'healthcheck-tool-missing',
  severity: 'error',
  title: 'A health check uses a program that its image does not have.',
  why: 'The check can never pass, so the service never counts as healthy and every release of it fails.',
  fix: ['Use what the image has, or install the program in the Dockerfile.'],
  bad: {
    files: {
      'compose.yml': `services:
  web:
    build: .
    healthcheck:
      test: [CMD-SHELL, curl -f http://localhost:3000/health || exit 1]
`,
    },
    at: ['compose.yml:5:13'],
  },
  good: {
    files: {
      'compose.yml': `services:
  web:
    build: .
    healthcheck:
      test: [CMD, curl, -f, http://localhost:3000/health]
`,
      Dockerfile: `FROM node:24-slim
RUN apt-get update && apt-get install -y --no-install-recommends curl
USER node
CMD ["node", "server.mjs"]
`,
    },
  },
  find: (project) => [
    ...project.images.flatMap((image) => inDockerfile(image)),
    ...project.images.flatMap((image) =>
      image.services.flatMap((service) => inCompose(project, image, service)),
    ),
  ],
}

const inCompose = (project: Project, image: BuiltImage, service: string): Finding[] => {
  const test = project.compose?.services[service]?.healthcheck?.test?.join(' ') ?? ''
  const tool = missingTool(image, test)
  if (!tool) return []
  const place = composePlace(project, ['services', service, 'healthcheck', 'test'], 'value')
  return [{ place, ...told(image, tool, `The check of service "${service}"`) }]
}

const inDockerfile = (image: BuiltImage): Finding[] =>
  (image.final?.instructions ?? [])
    .filter(({ keyword }) => keyword === 'HEALTHCHECK')
    .flatMap((check) => {
      const tool = missingTool(image, check.text)
      const place = { file: image.file, line: check.line, column: check.column }
      return tool ? [{ place, ...told(image, tool, 'HEALTHCHECK') }] : []
    })

const told = (image: BuiltImage, tool: string, who: string) => {
  const base = baseOf(image.final!)
  const install = /alpine/.test(base)
    ? `RUN apk add --no-cache ${tool}`
    : `RUN apt-get update && apt-get install -y --no-install-recommends ${tool} && rm -rf /var/lib/apt/lists/*`
  return {
    detail: `${who} calls ${tool}, which ${base} does not have and ${image.file} does not install.`,
    fix: [...withoutTool(base), `${install}    # in ${image.file}`],
  }
}

const withoutTool = (base: string) => {
  if (/node|bun/.test(base))
    return [
      `test: [CMD, node, -e, "fetch('http://localhost:3000/health').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]    # with your port and path`,
    ]
  return /python/.test(base)
    ? [
        `test: [CMD, python, -c, "import urllib.request as u; u.urlopen('http://localhost:8000/health')"]    # with your port and path`,
      ]
    : []
}

/** Which of the usual programs a check calls though nothing put it into the image. */
const missingTool = ({ final }: BuiltImage, test: string): string | null => {
  if (!final) return null
  const base = baseOf(final)
  const given = lineage(final)
    .flatMap(({ instructions }) => instructions)
    .filter(({ keyword }) => /^(RUN|COPY|ADD)$/.test(keyword))
    .map(({ text }) => text)
    .join('\n')
  return (
    lackedBy(base).find(
      (tool) =>
        new RegExp(String.raw`(^|[\s;&|(/"'\[,])${tool}($|[\s"',\]])`).test(test) &&
        !new RegExp(String.raw`\b${tool}\b`).test(given),
    ) ?? null
  )
}

/** What a well-known base image is known to lack; nothing of one that is not known. */
const lackedBy = (base: string): string[] => {
  if (base === 'scratch' || /distroless/.test(base)) return ['curl', 'wget', 'nc']
  if (/alpine|busybox/.test(base)) return /nginx|caddy|curl/.test(base) ? [] : ['curl']
  const isSlim = /(^|\/)(node|python|ruby|php|golang|rust|eclipse-temurin|openjdk):.*slim/.test(
    base,
  )
  return isSlim || /^(library\/)?(debian|ubuntu)(:|$)/.test(base) ? ['curl', 'wget', 'nc'] : []
}
