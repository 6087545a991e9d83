import type { Engine } from '../../io/engine/engine.ts'
import { EngineError } from '../../io/engine/http.ts'
import type { ServiceSpec } from '../../io/engine/types.ts'
import type { Runner } from '../../plan/runner.ts'
import { label } from '../model.ts'
import { secretGone } from './problems.ts'

/** Under one name there is one content, so one that is there need not be made again. */
export const runCreateSecret: Runner<'secret.create'> = async (
  { project, name, data },
  { engine },
) => {
  if (await engine.secrets.find(name)) return
  const labels = { [label.project]: project, [label.role]: 'secret' }
  await engine.secrets.create(name, labels, data)
}

/** One that something else has come to use stays; the next release tries again. */
export const runRemoveSecret: Runner<'secret.remove'> = async ({ name }, { engine, note }) => {
  try {
    await engine.secrets.remove(name)
  } catch (error) {
    if (!(error instanceof EngineError) || !/in use/.test(error.message)) throw error
    note('it is in use and stays')
  }
}

/** A spec names its secrets; the engine also wants the id that each has on this server. */
export const withSecretIds = async (engine: Engine, spec: ServiceSpec): Promise<ServiceSpec> => {
  const { ContainerSpec } = spec.TaskTemplate
  if (!ContainerSpec.Secrets) return spec
  const Secrets = await Promise.all(
    ContainerSpec.Secrets.map(async (reference) => {
      const found = await engine.secrets.find(reference.SecretName)
      if (!found) throw secretGone([reference.SecretName])
      return { ...reference, SecretID: found.ID }
    }),
  )
  return {
    ...spec,
    TaskTemplate: { ...spec.TaskTemplate, ContainerSpec: { ...ContainerSpec, Secrets } },
  }
}
