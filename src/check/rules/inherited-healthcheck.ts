import type { ComposeService } from '../../compose/model.ts'
import type { BuiltImage, Project } from '../model.ts'
import { composePlace } from '../reading/places.ts'
import type { Finding, Rule } from '../rule.ts'

export const inheritedHealthcheck: Rule = {
  id: 'inherited-healthcheck',
  severity: 'warning',
  title: 'A worker has the health check of a web server.',
  why: 'Nothing answers there in a worker, so it never counts as healthy and every release of it fails.',
  fix: [
    'Give it one that asks the worker: a ping over its queue, or the age of a file that it touches.',
  ],
  bad: {
    files: {
      'compose.yml': `services:
  web:
    build: .
  worker:
    build: .
    command: celery -A app worker
  jobs:
    image: shop:1.4
    command: [node, dist/worker.js]
    healthcheck: { test: [CMD, wget, -q, "http://localhost:3000/health"] }
`,
      Dockerfile: `FROM python:3.13
USER 1000
HEALTHCHECK CMD curl -f http://localhost:8000/health
CMD ["gunicorn", "app"]
`,
    },
    at: ['compose.yml:4:3', 'compose.yml:10:5'],
  },
  good: {
    files: {
      'compose.yml': `services:
  web:
    build: .
  worker:
    build: .
    command: celery -A app worker
    healthcheck: { test: [CMD-SHELL, "celery -A app inspect ping -d celery@$$HOSTNAME"] }
  flower:
    build: .
    command: celery -A app flower --port 8000
`,
      Dockerfile: `FROM python:3.13
USER 1000
HEALTHCHECK CMD curl -f http://localhost:8000/health
CMD ["gunicorn", "app"]
`,
    },
  },
  find: (project) =>
    Object.entries(project.compose?.services ?? {}).flatMap(([name, service]) =>
      isWorker(service) ? judge(project, name, service) : [],
    ),
}

const judge = (project: Project, name: string, service: ComposeService): Finding[] => {
  const own = service.healthcheck?.test
  const image = project.images.find(({ services }) => services.includes(name))
  const inImage = image && !service.healthcheck ? checkOf(image) : null
  const path = ['services', name, ...(own ? ['healthcheck'] : [])]
  const asked = own?.join(' ') ?? inImage
  if (
    !asked ||
    !/https?:\/\/(localhost|127\.0\.0\.1|\[::1\]|0\.0\.0\.0)|\b(localhost|127\.0\.0\.1) \d+/.test(
      asked,
    )
  )
    return []
  const whose = own ? 'the Compose file' : image!.file
  const celery = /celery\s+(?:-A|--app)[= ](\S+)/.exec(words(service))?.[1]
  return [
    {
      place: composePlace(project, path),
      detail: `Service "${name}" runs \`${words(service).slice(0, 60)}\`, and ${whose} asks it over HTTP.`,
      ...(celery && / worker\b/.test(words(service))
        ? {
            fix: [
              `healthcheck: { test: [CMD-SHELL, "celery -A ${celery} inspect ping -d celery@$$HOSTNAME"], interval: 30s, timeout: 10s }`,
            ],
          }
        : {}),
    },
  ]
}

const checkOf = ({ final }: BuiltImage): string | null =>
  final?.instructions.findLast(({ keyword }) => keyword === 'HEALTHCHECK')?.text ?? null

const words = ({ command, entrypoint }: ComposeService): string =>
  [...(entrypoint ?? []), ...(command ?? [])].join(' ')

const worker = new RegExp(
  [
    'celery\\b.*\\b(worker|beat)',
    'sidekiq|rq worker|rqworker|resque|dramatiq|huey|arq|faktory|good_job|delayed_job',
    'queue:work|schedule:work',
    '(worker|consumer|scheduler)\\.(m?js|py|rb|ts)',
  ]
    .map((each) => `\\b(${each})\\b`)
    .join('|'),
)
const server = /\b(flower|gunicorn|uvicorn|hypercorn|puma|daphne)\b|--(port|bind)\b/

/** What takes its work from a queue or a clock; Flower and the like are servers. */
const isWorker = (service: ComposeService): boolean => {
  const text = words(service)
  return worker.test(text) && !server.test(text)
}
