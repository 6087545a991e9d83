import { edgeNames } from '../../edge/model.ts'
import { EngineError } from '../../io/engine/http.ts'
import { removePath, statOf } from '../../io/host/files/durable.ts'
import { run, runOk } from '../../io/host/processes/process.ts'
import type { Runner } from '../../plan/runner.ts'
import { Problem } from '../../problem/problem.ts'

const limitMs = 60_000

const after = {
  none: async () => {},
  ssh: async () => {
    await runOk('systemctl', ['try-reload-or-restart', 'ssh.service'], { limitMs })
  },
  journal: async () => {
    await runOk('systemctl', ['restart', 'systemd-journald.service'], { limitMs })
  },
}

/** Removes a file or folder of ours, and lets the program that read it read again. */
export const runRemovePath: Runner<'server.remove-path'> = async ({ path, reader }) => {
  if (!(await statOf(path))) return
  await removePath(path)
  await after[reader]()
}

/** Stops a unit, keeps it from starting again, and removes it with the interface it made. */
export const runRemoveUnit: Runner<'server.remove-unit'> = async ({ name, path, link }) => {
  if (await statOf(path)) await runOk('systemctl', ['disable', '--now', name], { limitMs })
  await removePath(path)
  if (link && (await run('ip', ['link', 'show', link], { limitMs })).code === 0)
    await runOk('ip', ['link', 'delete', link], { limitMs })
  await runOk('systemctl', ['daemon-reload'], { limitMs })
}

/** Removes a login with its home. Whoever is logged in by it stays so until he leaves. */
export const runRemoveUser: Runner<'server.remove-user'> = async ({ name }) => {
  if ((await run('id', ['-u', name], { limitMs })).code !== 0) return
  await runOk('userdel', ['--force', '--remove', name], { limitMs })
}

export const runUnhold: Runner<'server.unhold'> = async ({ packages }) => {
  await runOk('apt-mark', ['unhold', ...packages], { limitMs })
}

/** Ends the swarm of this server, with the networks that belong to it. */
export const runLeaveSwarm: Runner<'server.leave-swarm'> = async (_params, { engine }) => {
  // The plan may have been shown a while ago.
  const services = await engine.services.list({})
  if (services.length > 0) throw startedSince(services.map(({ Spec }) => Spec.Name))
  await runOk('docker', ['swarm', 'leave', '--force'], { limitMs })
}

/** Removes the edge, its certificates and its image, unless something else uses that. */
export const runRemoveEdge: Runner<'server.remove-edge'> = async (_params, { engine, note }) => {
  const container = await engine.containers.find(edgeNames.container)
  if (container) await engine.containers.remove(edgeNames.container)
  await engine.networks.removeVolume(edgeNames.dataVolume)
  try {
    await engine.images.remove(container?.Config.Image ?? edgeNames.image)
  } catch (error) {
    if (!(error instanceof EngineError) || error.status !== 409) throw error
    note('its image is in use elsewhere; it stays')
  }
}

const startedSince = (names: string[]) =>
  new Problem({
    code: 'server/in-use',
    summary: 'Something has been started in the swarm since; it was not ended.',
    detail: `It runs ${names.join(', ')}.`,
    fix: ['zarpe uninstall'],
  })
