import { composePlace } from '../places.ts'
import type { Rule } from '../rule.ts'

export const noHealthcheck: Rule = {
  id: 'no-healthcheck',
  severity: 'warning',
  title: 'A service has no health check.',
  why: 'A release counts it as good as soon as its program runs, also when it cannot answer yet or never will.',
  fix: [
    'healthcheck: { test: [CMD, …], interval: 5s, start_period: 20s }    # a command that exits 0 only when it can serve',
  ],
  bad: {
    files: {
      'compose.yml': `services:
  web:
    build: .
  db:
    image: postgres:17
`,
    },
    at: ['compose.yml:2:3', 'compose.yml:4:3'],
  },
  good: {
    files: {
      'compose.yml': `services:
  web:
    build: .
  db:
    image: postgres:17
    healthcheck:
      test: [CMD, pg_isready, -U, postgres]
`,
      Dockerfile: `FROM node:24-slim
USER node
HEALTHCHECK CMD ["node", "healthcheck.mjs"]
CMD ["node", "server.mjs"]
`,
    },
  },
  find: (project) =>
    Object.entries(project.compose?.services ?? {}).flatMap(([name, service]) => {
      const image = project.images.find(({ services }) => services.includes(name))
      const inImage = image?.final?.instructions.some(({ keyword }) => keyword === 'HEALTHCHECK')
      // One that is turned off is a matter of `useless-healthcheck`.
      if (inImage || service.healthcheck) return []
      const place = composePlace(project, ['services', name])
      const about = image
        ? `neither the Compose file nor ${image.file} has one`
        : `the Compose file has none; images of others seldom bring one`
      return [{ place, detail: `Service "${name}": ${about}.` }]
    }),
}
