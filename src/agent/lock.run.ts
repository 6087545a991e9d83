import { claimName } from '../io/host/files/claim.ts'
import { readText, removePath, within, writeDurable } from '../io/host/files/durable.ts'
import { locked } from './locked.ts'

/** Cleared by a reboot, as the locks in it should be. */
const lockFolder = '/run/zarpe/locks'

export type LockHolder = {
  by: string
  verb: string
  since: string
  pid: number
  /** Start of the process in clock ticks since boot: a pid alone may be somebody else by now. */
  startTicks: string
  boot: string
}

const attemptsMax = 20
const retryMs = 25

/**
 * Takes the one writer's lock of a scope or throws "agent/locked" with who holds it. The kernel
 * decides: a holder that died holds nothing, a live one can't be put aside, and no clock is asked.
 * The file beside it only tells others who it is.
 */
export const takeLock = async (
  scope: string,
  by: string,
  verb: string,
  at: string,
  folder = lockFolder,
) => {
  const path = within(folder, `${scope}.json`)
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const claim = await claimName(`zarpe-lock:${path}`)
    if (claim) {
      const own = await identity(process.pid)
      const mine: LockHolder = { by, verb, since: at, pid: process.pid, ...own }
      await writeDurable(path, JSON.stringify(mine))
      return {
        release: async () => {
          await removePath(path)
          await claim.release()
        },
      }
    }
    const holder = await holderOf(scope, folder)
    if (holder) throw locked(scope, holder)
    // It was taken or given back in this very moment.
    await new Promise((resolve) => setTimeout(resolve, retryMs))
  }
  throw locked(scope, null)
}

/** Who holds a scope's lock; null when it is free or its holder is dead. */
export const holderOf = async (scope: string, folder = lockFolder): Promise<LockHolder | null> => {
  const text = await readText(within(folder, `${scope}.json`))
  const holder = text ? parse(text) : null
  if (!holder) return null
  const now = await identity(holder.pid)
  return now.startTicks === holder.startTicks && now.boot === holder.boot ? holder : null
}

const parse = (text: string): LockHolder | null => {
  try {
    return JSON.parse(text) as LockHolder
  } catch {
    // Nothing that this program wrote.
    return null
  }
}

const identity = async (pid: number) => {
  const stat = (await readText(`/proc/${pid}/stat`)) ?? ''
  // The program's name, in parentheses, may hold spaces; the 22nd field counts from behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const boot = ((await readText('/proc/sys/kernel/random/boot_id')) ?? '').trim()
  return { startTicks: fields[19] ?? '', boot }
}
