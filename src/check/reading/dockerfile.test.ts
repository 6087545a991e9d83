import { describe, expect, it } from 'vitest'
import { baseOf, finalStage, parseStages } from './dockerfile.ts'

const text = `# syntax=docker/dockerfile:1
ARG NODE=24
FROM node:\${NODE}-slim AS base
ENV A=1 B="two words"
FROM base AS Build
RUN --mount=type=cache,target=/root/.npm npm ci && \\
    npm run build
FROM base
COPY --from=build --chown=node /app /app
CMD ["node", "server.mjs"]
`

describe('parseStages', () => {
  const stages = parseStages(text)

  it('follows stages to the image that they start from', () => {
    expect(stages.map(({ name, from }) => [name, from])).toEqual([
      ['base', 'node:24-slim'],
      ['build', 'base'],
      [null, 'base'],
    ])
    expect(baseOf(stages[2]!)).toBe('node:24-slim')
    expect(finalStage(stages, 'BUILD')).toBe(stages[1])
    expect(finalStage(stages, null)).toBe(stages[2])
    expect(finalStage(stages, 'none')).toBeNull()
  })

  it('reads variables, flags, words and the two forms, with their places', () => {
    const [env] = stages[0]!.instructions
    expect(env!.variables).toEqual([
      { name: 'A', value: '1', line: 4, column: 5 },
      { name: 'B', value: 'two words', line: 4, column: 9 },
    ])
    const [run] = stages[1]!.instructions
    expect(run).toMatchObject({ keyword: 'RUN', isExec: false, line: 6, column: 1 })
    expect(run!.text).toContain('npm run build')
    expect(run!.flags.map(({ name }) => name)).toEqual(['mount'])
    const [copy, cmd] = stages[2]!.instructions
    expect(copy!.words).toEqual(['/app', '/app'])
    expect(copy!.flags).toEqual([
      { name: 'from', value: 'build' },
      { name: 'chown', value: 'node' },
    ])
    expect(cmd).toMatchObject({ isExec: true, line: 10 })
    expect(cmd!.words).toEqual(['node', 'server.mjs'])
  })

  it('has no stage for what is no Dockerfile', () => {
    expect(parseStages('')).toEqual([])
    expect(parseStages('services:\n  web: {}\n')).toEqual([])
  })
})
