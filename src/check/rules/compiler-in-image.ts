import { baseOf, lineage, type Stage } from '../reading/dockerfile.ts'
import type { BuiltImage } from '../model.ts'
import type { Finding, Rule } from '../rule.ts'

export const compilerInImage: Rule = {
  id: 'compiler-in-image',
  severity: 'warning',
  title: 'An image carries what was only needed to build it.',
  why: 'Compilers make it hundreds of megabytes larger to send and keep, and hand tools to whoever breaks in.',
  fix: [
    'FROM <the same> AS build    # compile here',
    'FROM <a slim one>    # then: COPY --from=build /app /app',
  ],
  bad: {
    files: {
      'compose.yml': `services:
  web:
    build: .
  api:
    build: ./api
`,
      Dockerfile: `FROM python:3.13-slim
RUN apt-get update && apt-get install -y build-essential libpq-dev
USER 1000
CMD ["python", "app.py"]
`,
      'api/Dockerfile': `FROM golang:1.24
RUN go build -o /api
USER 1000
CMD ["/api"]
`,
    },
    at: ['Dockerfile:2:1', 'api/Dockerfile:1:1'],
  },
  good: {
    files: {
      'compose.yml': `services:
  web:
    build: .
  api:
    build: ./api
`,
      Dockerfile: `FROM python:3.13-slim
RUN apt-get update && apt-get install -y gcc && pip install uwsgi && apt-get purge -y gcc
USER 1000
CMD ["python", "app.py"]
`,
      'api/Dockerfile': `FROM golang:1.24 AS build
RUN go build -o /api
FROM gcr.io/distroless/static:nonroot
COPY --from=build /api /api
CMD ["/api"]
`,
    },
  },
  find: (project) => project.images.flatMap(inImage),
}

const packages =
  /\b(?:install|add)\b[^&;|]*?\s(build-essential|build-base|g\+\+|gcc|clang|cmake|make|cargo|rustc|golang(?:-go)?|default-jdk|openjdk-\d+-jdk)(?=\s|$)/
const removes = /\b(purge|remove|autoremove|del)\b/

const inImage = ({ final, file }: BuiltImage): Finding[] => {
  if (!final) return []
  const own = lineage(final).flatMap((stage) => inStage(stage, file))
  const base = baseOf(final)
  if (!/(^|\/)(golang|rust|maven|gradle|gcc|dotnet\/sdk|swift)(:|$)|:[^/]*-?\bjdk\b/.test(base))
    return own
  const { line, column } = lineage(final)[0]!
  return [
    ...own,
    { place: { file, line, column }, detail: `The image is ${base} with the app added.` },
  ]
}

const inStage = ({ instructions }: Stage, file: string): Finding[] =>
  instructions
    .filter(({ keyword, text }) => keyword === 'RUN' && packages.test(text) && !removes.test(text))
    .map(({ text, line, column }) => ({
      place: { file, line, column },
      detail: `${packages.exec(text)![1]} is installed and stays in the image.`,
    }))
