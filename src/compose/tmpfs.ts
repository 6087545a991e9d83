import { parseBytes } from '../config/units.ts'
import type { MountSpec } from '../io/engine/types.ts'

type TmpfsSettings = { size: number | null; mode: number | null; readOnly: boolean }

/** A mount in memory, as the engine has it for services: a size, rights, and whether it can be written to. */
export const tmpfsMount = (Target: string, { size, mode, readOnly }: TmpfsSettings): MountSpec => ({
  Type: 'tmpfs',
  Target,
  ...(readOnly ? { ReadOnly: true } : {}),
  ...(size === null && mode === null
    ? {}
    : {
        TmpfsOptions: {
          ...(size === null ? {} : { SizeBytes: size }),
          ...(mode === null ? {} : { Mode: mode }),
        },
      }),
})

/** A short entry, `/run:size=64m,mode=1777`: its mount, and the options that would be lost. */
export const shortTmpfs = (text: string): { mount: MountSpec; lost: string[] } => {
  const cut = text.indexOf(':')
  const target = cut < 0 ? text : text.slice(0, cut)
  const settings: TmpfsSettings = { size: null, mode: null, readOnly: false }
  const options = cut < 0 ? [] : text.slice(cut + 1).split(',')
  const lost = options.filter((option) => option !== '' && !takeInto(settings, option))
  return { mount: tmpfsMount(target, settings), lost }
}

/** What the engine gives every mount of this kind by itself. */
const always = new Set(['noexec', 'nosuid', 'nodev'])

/** Whether an option could be kept. */
const takeInto = (settings: TmpfsSettings, option: string): boolean => {
  const size = /^size=(\d+[kmg]?)$/i.exec(option)?.[1]
  const mode = /^mode=([0-7]{1,5})$/.exec(option)?.[1]
  if (size !== undefined) settings.size = parseBytes(size)
  else if (mode !== undefined) settings.mode = Number.parseInt(mode, 8)
  else if (option === 'rw' || option === 'ro') settings.readOnly = option === 'ro'
  else return always.has(option)
  return true
}
