import { expect } from 'vitest'
import { inside, kill, start } from '../../../src/lab/vps.ts'
import type { CliResult } from '../../lab/cli.ts'
import { awaitReached, forgetOrders, order, reached, relent } from '../../lab/fault.ts'
import type { Project } from '../../lab/project.ts'
import { backup, databaseContainer, onServer, server, sql } from './ledger.ts'

// What can befall a server in the middle of a run. The run waits at a door meanwhile.

const doors = { doors: true }
const store = '/var/backups/zarpe'
const back = { timeout: 90_000, interval: 500 }

/** The database answers, after whatever befell it. */
export const databaseIsBack = () =>
  expect.poll(() => sql('SELECT 1').catch(() => 'no answer'), back).toBe('1')

const cutPower = async () => {
  await kill(server)
  await start(server)
}

const killDatabase = async () => {
  await onServer('docker', 'kill', await databaseContainer())
}

const fillDisk = async () => {
  await inside(server, ['dd', 'if=/dev/zero', `of=${store}/filler`, 'bs=64k'])
}

const faults = {
  'the power is cut': cutPower,
  'the database is killed': killDatabase,
  'the disk fills up': fillDisk,
}

export type FaultName = keyof typeof faults | 'the agent is killed'

export type Moment = 'before' | 'after'

/** Runs a verb of `zarpe backup`, and lets something happen before or after its first step of a kind. */
export const befallen = async (
  ledger: Project,
  argv: string[],
  { moment, kind }: { moment: Moment; kind: string },
  fault: FaultName,
): Promise<{ step: string; result: CliResult }> => {
  const isKill = fault === 'the agent is killed'
  await order(server, `${isKill ? 'kill' : 'wait'} ${moment} ${kind}`)
  const running = backup(ledger, argv, doors)
  if (isKill) {
    const result = await running
    const step = (await reached(server)) ?? 'none'
    await forgetOrders(server)
    return { step, result }
  }
  const step = await awaitReached(server)
  await faults[fault]()
  await relent(server)
  const result = await running
  await forgetOrders(server)
  await inside(server, ['rm', '-f', `${store}/filler`])
  await databaseIsBack()
  return { step, result }
}

/** The server's own store on a small disk of its own, empty, for as long as `act` takes. */
export const onSmallDisk = async (act: () => Promise<void>) => {
  await onServer('mount', '-t', 'tmpfs', '-o', 'size=300m,mode=700', 'tmpfs', store)
  try {
    await act()
  } finally {
    await onServer('umount', '--lazy', store)
  }
}
