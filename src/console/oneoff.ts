import { expanded } from '../io/engine/template.ts'
import type { ContainerCreate } from '../io/engine/types.ts'
import { label, type ReleasedService } from '../release/model.ts'
import type { ConsoleParams } from './methods.ts'

/** A container like a service's own, with another command: same image, values, volumes, network. */
export const oneOff = (params: ConsoleParams, service: ReleasedService): ContainerCreate => {
  const { ContainerSpec } = service.spec.TaskTemplate
  return {
    Image: ContainerSpec.Image,
    Cmd: params.command,
    ...(ContainerSpec.Command ? { Entrypoint: ContainerSpec.Command } : {}),
    // A plain container's values are not expanded as a service's are.
    Env: (ContainerSpec.Env ?? []).map(expanded),
    Labels: { [label.project]: params.project, [label.role]: 'run' },
    ...(ContainerSpec.User ? { User: ContainerSpec.User } : {}),
    ...(ContainerSpec.Dir ? { WorkingDir: ContainerSpec.Dir } : {}),
    Tty: params.terminal !== null,
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: {
      NetworkMode: params.project,
      Mounts: ContainerSpec.Mounts ?? [],
      LogConfig: { Type: 'none' },
    },
  }
}
