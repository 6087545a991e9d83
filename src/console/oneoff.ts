import { expanded } from '../io/engine/template.ts'
import type { ContainerCreate, MountSpec } from '../io/engine/types.ts'
import { label, type ReleasedService } from '../release/model.ts'
import type { ConsoleParams } from './methods.ts'

/**
 * A container like a service's own, with another command: same image, values, volumes, network, rights
 * and limits. `secrets`: where its secret files come from.
 */
export const oneOff = (
  params: ConsoleParams,
  service: ReleasedService,
  secrets: MountSpec[],
): ContainerCreate => {
  const { ContainerSpec, Resources } = service.spec.TaskTemplate
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
      Mounts: [...(ContainerSpec.Mounts ?? []), ...secrets],
      CapAdd: ContainerSpec.CapabilityAdd ?? [],
      CapDrop: ContainerSpec.CapabilityDrop ?? [],
      GroupAdd: ContainerSpec.Groups ?? [],
      // Swarm has them as in /etc/hosts, a plain container the other way round.
      ExtraHosts: (ContainerSpec.Hosts ?? []).map((line) => line.split(' ').toReversed().join(':')),
      Ulimits: ContainerSpec.Ulimits ?? [],
      Sysctls: ContainerSpec.Sysctls ?? {},
      ReadonlyRootfs: ContainerSpec.ReadOnly ?? false,
      Init: ContainerSpec.Init ?? false,
      Memory: Resources?.Limits?.MemoryBytes ?? 0,
      LogConfig: { Type: 'none' },
      // Whoever asked may be gone when it ends.
      AutoRemove: true,
    },
  }
}
