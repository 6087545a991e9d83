import { describe, expect, it } from 'vitest'
import { engineOf } from '../../io/engine/engine.ts'
import { type Call, EngineError } from '../../io/engine/http.ts'
import type { ServiceSpec } from '../../io/engine/types.ts'
import type { RunContext } from '../../plan/runner.ts'
import { runCreateSecret, runRemoveSecret, withSecretIds } from './secret.run.ts'

/** An engine that has these secrets, and keeps those that are in use. */
const engineWith = (has: string[], inUse: string[] = []) => {
  const calls: Call[] = []
  const json = (call: Call): unknown => {
    calls.push(call)
    const name = call.path.split('/').at(-1)!
    if (call.path === '/secrets/create') return { ID: 'new' }
    if (!has.includes(name)) throw new EngineError(404, `secret ${name} not found`, call)
    if (call.method === 'GET') return { ID: `id-of-${name}`, Spec: { Name: name, Labels: {} } }
    if (inUse.includes(name))
      throw new EngineError(400, `secret '${name}' is in use by the following service: x`, call)
    return null
  }
  const unused = () => Promise.reject(new Error('not asked for here'))
  const engine = engineOf({
    json: <Result>(call: Call) => Promise.resolve().then(() => json(call) as Result),
    stream: unused,
    hijack: unused,
  })
  const notes: string[] = []
  const context = { engine, note: (text: string) => notes.push(text) } as unknown as RunContext
  return { engine, context, notes, made: () => calls.filter(({ method }) => method !== 'GET') }
}

describe('runCreateSecret', () => {
  const params = { project: 'shop-production', name: 'key-1', data: 'AAAA' }

  it('makes a secret with the labels by which it is found again', async () => {
    const { context, made } = engineWith([])
    await runCreateSecret(params, context)
    const Labels = { 'zarpe.project': 'shop-production', 'zarpe.role': 'secret' }
    expect(made()).toMatchObject([
      { path: '/secrets/create', body: { Name: 'key-1', Labels, Data: 'AAAA' } },
    ])
  })

  it('does nothing when it is there, as after a run that was cut', async () => {
    const { context, made } = engineWith(['key-1'])
    await runCreateSecret(params, context)
    expect(made()).toEqual([])
  })
})

describe('runRemoveSecret', () => {
  it('removes one, twice over, and lets one that is in use be', async () => {
    const { context, made, notes } = engineWith(['key-1', 'key-2'], ['key-2'])
    for (const name of ['key-1', 'gone', 'key-2']) await runRemoveSecret({ name }, context)
    expect(made().map(({ method, path }) => `${method} ${path}`)).toEqual([
      'DELETE /secrets/key-1',
      'DELETE /secrets/gone',
      'DELETE /secrets/key-2',
    ])
    expect(notes).toEqual(['it is in use and stays'])
  })
})

describe('withSecretIds', () => {
  const File = { Name: '/run/secrets/key', UID: '0', GID: '0', Mode: 0o400 }
  const spec = (names: string[]): ServiceSpec => ({
    Name: 'web',
    Labels: {},
    TaskTemplate: {
      ContainerSpec: {
        Image: 'x',
        Secrets: names.map((SecretName) => ({ SecretID: '', SecretName, File })),
      },
    },
    Mode: { Replicated: { Replicas: 1 } },
  })

  it('fills in the id that each secret has here', async () => {
    const filled = await withSecretIds(engineWith(['a', 'b']).engine, spec(['a', 'b']))
    expect(filled.TaskTemplate.ContainerSpec.Secrets).toEqual([
      { SecretID: 'id-of-a', SecretName: 'a', File },
      { SecretID: 'id-of-b', SecretName: 'b', File },
    ])
  })

  it('names one that is gone', async () => {
    await expect(withSecretIds(engineWith(['a']).engine, spec(['a', 'b']))).rejects.toMatchObject({
      data: { code: 'release/secret-gone', detail: expect.stringContaining('b:') as string },
    })
  })
})
