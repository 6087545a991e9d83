import { describe, expect, it } from 'vitest'
import { argumentsOf } from './arguments.ts'

describe('arguments of a build', () => {
  it('have their values out of the process list', () => {
    expect(argumentsOf({ NPM_TOKEN: 'zq-1', DOCKER_PASSWORD: 'zq-2' })).toEqual({
      argv: ['--build-arg', 'NPM_TOKEN', '--build-arg', 'DOCKER_PASSWORD'],
      env: { NPM_TOKEN: 'zq-1', DOCKER_PASSWORD: 'zq-2' },
    })
  })

  it('arrive as they are, and do not lead docker elsewhere', () => {
    const args = {
      PATH: '/app/bin',
      HOME: '/app',
      DOCKER_HOST: 'tcp://x',
      BUILDKIT_PROGRESS: 'tty',
    }
    expect(argumentsOf(args)).toEqual({
      argv: Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
      env: {},
    })
  })
})
