import { removePath, within } from '../io/host/files/durable.ts'
import { diskSpace, makeFolder } from '../io/host/files/files.ts'
import { runOk } from '../io/host/processes/process.ts'
import type { RunContext } from '../plan/runner.ts'
import { Problem } from '../problem/problem.ts'
import type { DataContext } from './engine.ts'
import { removeLeftContainers } from './engines/containers.run.ts'
import { localFolder, workFolder } from './places.ts'

const privately = { mode: 0o700 }

/**
 * An empty folder for one act on a project's data, with whatever a run that was killed has left
 * cleared away first. Gone afterwards. The caller has the project's data alone.
 */
export const withWork = async <Result>(
  project: string,
  context: RunContext,
  act: (data: DataContext, room: string) => Promise<Result>,
): Promise<Result> => {
  const { engine, signal, now, note } = context
  await removeLeftContainers(engine, project)
  const room = workFolder(project)
  await removePath(room)
  const folder = within(room, 'content')
  await makeFolder(folder, privately)
  try {
    return await act({ engine, project, folder, signal, now, note }, room)
  } catch (error) {
    throw (await isFull()) ? diskFull(error) : error
  } finally {
    await removePath(room)
  }
}

/** Packs a folder into one file that every tar can read, the same bytes for the same content. */
export const pack = async (folder: string, file: string, signal: AbortSignal) => {
  const argv = [
    '--create',
    `--file=${file}`,
    `--directory=${folder}`,
    '--sort=name',
    '--numeric-owner',
  ]
  await runOk('tar', [...argv, '--owner=0', '--group=0', '.'], { limitMs: packLimitMs, signal })
  await runOk('sync', ['--data', file], { limitMs: packLimitMs })
}

/** Unpacks a copy, or only these of its files. */
export const unpack = (file: string, folder: string, signal: AbortSignal, names: string[] = []) => {
  const argv = ['--extract', `--file=${file}`, `--directory=${folder}`, '--no-same-owner']
  return runOk('tar', [...argv, ...names.map((name) => `./${name}`)], {
    limitMs: packLimitMs,
    signal,
  })
}

const packLimitMs = 2 * 3_600_000
const fullMb = 64

const isFull = async () => {
  const space = await diskSpace(localFolder).catch(() => null)
  return space !== null && space.freeMb < fullMb
}

const diskFull = (cause: unknown) =>
  new Problem(
    {
      code: 'data/disk-full',
      summary: 'The server’s disk is full.',
      detail: `Less than ${fullMb} MB are free below ${localFolder}; what was begun was removed, older backups are as they were.`,
      fix: ['df -h /var/lib', 'zarpe backup prune    # removes what no rule keeps'],
    },
    { cause },
  )
