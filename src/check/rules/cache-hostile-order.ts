import type { Instruction, Stage } from '../reading/dockerfile.ts'
import type { BuiltImage } from '../model.ts'
import type { Finding, Rule } from '../rule.ts'

export const cacheHostileOrder: Rule = {
  id: 'cache-hostile-order',
  severity: 'warning',
  title: 'Every change of code installs all dependencies again.',
  why: 'A build repeats everything after the first line whose files changed, and the whole layer is sent to the server again.',
  fix: ['Copy the list of dependencies, install, then copy the rest.'],
  bad: {
    files: {
      'compose.yml': `services:
  web:
    build: .
`,
      Dockerfile: `FROM node:24-slim
WORKDIR /app
COPY --chown=node . .
RUN npm ci --omit=dev
USER node
CMD ["node", "server.mjs"]
`,
    },
    at: ['Dockerfile:3:1'],
  },
  good: {
    files: {
      'compose.yml': `services:
  web:
    build: .
`,
      Dockerfile: `FROM node:24-slim
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev
COPY . .
RUN npm run build
USER node
CMD ["node", "server.mjs"]
`,
    },
  },
  find: (project) => project.images.flatMap((image) => image.stages.flatMap(inStage(image))),
}

const installs: [command: RegExp, lists: string][] = [
  [
    /\b(npm (ci|install|i)\b|pnpm (install|i)\b|yarn (install|--)|yarn\s*$|bun install)/,
    'package.json package-lock.json',
  ],
  [/\bpip3? install\b.*(-r|--requirement)\b/, 'requirements.txt'],
  [/\b(uv sync|poetry install|pdm install)\b/, 'pyproject.toml uv.lock'],
  [/\bbundle install\b/, 'Gemfile Gemfile.lock'],
  [/\bcomposer install\b/, 'composer.json composer.lock'],
  [/\bgo mod download\b/, 'go.mod go.sum'],
]

const inStage =
  ({ file }: BuiltImage) =>
  ({ instructions }: Stage): Finding[] => {
    const whole = instructions.findIndex(copiesAll)
    if (whole < 0) return []
    const isBefore = (index: number) => index < whole
    const found = instructions.flatMap((instruction, index) => {
      const install = installs.find(([command]) => command.test(instruction.text))
      return instruction.keyword === 'RUN' && install ? [{ index, install }] : []
    })
    const first = found.find(({ index }) => !isBefore(index))
    // Installed before too: what comes after is a small rest, such as the project itself.
    if (!first || found.some(({ index }) => isBefore(index))) return []
    const { line, column } = instructions[whole]!
    const command = first.install[0].exec(instructions[first.index]!.text)![0].trim()
    return [
      {
        place: { file, line, column },
        detail: `Everything is copied before \`${command}\` (line ${instructions[first.index]!.line}).`,
        fix: [
          `COPY ${first.install[1]} ./    # the files that ${command} reads`,
          instructions[first.index]!.text.includes('\n')
            ? `RUN ${command} …`
            : `RUN ${instructions[first.index]!.text.trim()}`,
          'COPY . .',
        ],
      },
    ]
  }

const copiesAll = ({ keyword, words, flags }: Instruction) =>
  /^(COPY|ADD)$/.test(keyword) &&
  !flags.some(({ name }) => name === 'from') &&
  words.slice(0, -1).some((word) => word === '.' || word === './' || word === '/')
