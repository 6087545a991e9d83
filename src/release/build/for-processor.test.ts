import { describe, expect, it } from 'vitest'
import type { Builder } from './builder.ts'
import { forProcessor } from './for-processor.ts'

const builder = { processor: 'arm64', signal: new AbortController().signal } as Builder

/** Builds that end when `done` does, or when they are given up; who was begun for which processor. */
const recorded = (done: Promise<unknown> = Promise.resolve()) => {
  const begun: string[] = []
  const build = async (own: Builder) => {
    begun.push(own.processor)
    await new Promise<void>((resolve, reject) => {
      own.signal.addEventListener('abort', () => reject(new Error('given up')))
      void done.then(() => resolve())
    })
    return `for ${own.processor}`
  }
  return { begun, build }
}

describe('forProcessor', () => {
  it('builds once where the server has the processor of this machine', async () => {
    const { begun, build } = recorded()
    expect(await forProcessor(builder, Promise.resolve('arm64'), build)).toBe('for arm64')
    expect(begun).toEqual(['arm64'])
  })

  it('gives up what it began for another processor, and begins anew', async () => {
    const answered = Promise.withResolvers<string>()
    const done = Promise.withResolvers<void>()
    const { begun, build } = recorded(done.promise)
    const built = forProcessor(builder, answered.promise, build)
    answered.resolve('amd64')
    setTimeout(() => done.resolve(), 20)
    expect(await built).toBe('for amd64')
    expect(begun).toEqual(['arm64', 'amd64'])
  })

  it('does not give out what was ready before the server answered, if it is for another', async () => {
    const answered = Promise.withResolvers<string>()
    const { begun, build } = recorded()
    const built = forProcessor(builder, answered.promise, build)
    setTimeout(() => answered.resolve('amd64'), 20)
    expect(await built).toBe('for amd64')
    expect(begun).toEqual(['arm64', 'amd64'])
  })

  it('begins anew after one that failed before the server answered, if that was for another', async () => {
    const answered = Promise.withResolvers<string>()
    const built = forProcessor(builder, answered.promise, async ({ processor }) => {
      if (processor === 'arm64') throw new Error('no match for platform in manifest')
      return `for ${processor}`
    })
    setTimeout(() => answered.resolve('amd64'), 20)
    expect(await built).toBe('for amd64')
  })

  it('tells a build that fails by itself, and a server that never answers', async () => {
    const failed = forProcessor(builder, Promise.resolve('arm64'), () =>
      Promise.reject(new Error('no such file')),
    )
    await expect(failed).rejects.toThrow('no such file')
    const away = forProcessor(builder, Promise.reject(new Error('away')), recorded().build)
    await expect(away).rejects.toThrow('away')
  })
})
