import type { Project } from '../../lab/project.ts'
import { deployed, onServer } from './ledger.ts'

/** Folders of the server that stand for other disks: stores beside its own. */
export const disks = { near: '/mnt/near', far: '/mnt/far' }

/** Gives a project stores on other disks for as long as `use` takes; answers how to take them away again.
 * Their copies stay, for the server goes on knowing of them. */
export const withDisks = async (ledger: Project, keep: string): Promise<() => Promise<void>> => {
  const plain = ledger.read('zarpe.yml')
  for (const folder of Object.values(disks))
    await onServer('mkdir', '--parents', '--mode=700', folder)
  const stores = Object.entries(disks).map(([name, at]) => `  ${name}: { url: "file://${at}" }\n`)
  const config = plain.replace('keep: { local: 7d }', `keep: { ${keep} }`)
  ledger.write('zarpe.yml', `${config}stores:\n${stores.join('')}`)
  await deployed(ledger)
  return async () => {
    ledger.write('zarpe.yml', plain)
    await deployed(ledger)
  }
}

/** The names of backups whose copy and manifest are both on a disk. */
export const wholeOn = async (disk: keyof typeof disks): Promise<string[]> => {
  const found = (await onServer('find', disks[disk], '-type', 'f')).split('\n').filter(Boolean)
  const names = found.map((path) => path.split('/').at(-1)!)
  return names
    .flatMap((name) => (name.endsWith('.json') ? [name.slice(0, -'.json'.length)] : []))
    .filter((id) => names.includes(`${id}.tar`))
    .toSorted()
}
