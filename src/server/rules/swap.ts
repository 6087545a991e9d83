import type { Facts, SetupSettings } from '../model.ts'
import { paths } from '../paths.ts'
import { type Rule, serverStep, wantedFile, wantedUnit } from './rule.ts'

const memoryEnoughMb = 4096

const unit = `# Written by zarpe setup.
[Unit]
Description=Swap file for moments of memory shortage

[Swap]
What=${paths.swapFile}

[Install]
WantedBy=swap.target
`

/** Why no swap file is made here, or null if one is wanted. */
const reasonAgainst = (facts: Facts, settings: SetupSettings): string | null => {
  if (settings.swapMb === 0) return 'the settings say so'
  if (facts.isContainer) return 'this server is a container'
  if (facts.swapMb > 0) return 'there is swap already'
  if (facts.memoryMb >= memoryEnoughMb) return `${facts.memoryMb} MB of memory are enough`
  if (['btrfs', 'zfs'].includes(facts.disk.filesystem))
    return `a swap file needs special care on ${facts.disk.filesystem}`
  if (facts.disk.freeMb < settings.swapMb * 3)
    return `only ${facts.disk.freeMb} MB of disk are free`
  return null
}

/** Room for a release that starts the new version beside the old one on a small server. */
export const swap: Rule = {
  id: 'swap',
  why: 'room for moments in which two versions run side by side',
  wanted: (facts, settings) => {
    if (reasonAgainst(facts, settings)) return []
    const params = { path: paths.swapFile, sizeMb: settings.swapMb }
    return [
      serverStep('server.swap-file', `${paths.swapFile} (${settings.swapMb} MB)`, swap.why, params),
      ...wantedFile(facts, { path: paths.swapUnit, content: unit, mode: '0644' }, swap.why),
      ...wantedUnit(facts, 'swapfile.swap', swap.why),
    ]
  },
  notes: (facts, settings) => {
    const reason = reasonAgainst(facts, settings)
    return reason && facts.swapMb === 0 ? [`no swap file: ${reason}`] : []
  },
}
