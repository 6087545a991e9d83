import { inside } from '../../src/lab/vps.ts'

const lists = {
  services: ['service', 'ls', '--format', '{{.Name}} {{.Replicas}}'],
  containers: ['ps', '--all', '--no-trunc', '--format', '{{.Names}}'],
  networks: ['network', 'ls', '--format', '{{.Name}}'],
  volumes: ['volume', 'ls', '--format', '{{.Name}}'],
  configs: ['config', 'ls', '--format', '{{.Name}}'],
  secrets: ['secret', 'ls', '--format', '{{.Name}}'],
} as const

export type Inventory = Record<keyof typeof lists, string[]>

/** What a server's engine holds, asked of the engine itself. */
export const inventoryOf = async (server: string): Promise<Inventory> => {
  const entries = await Promise.all(
    Object.entries(lists).map(async ([kind, argv]) => [kind, await lines(server, [...argv])]),
  )
  return Object.fromEntries(entries) as Inventory
}

/** Lines of a `docker` command run on a server, sorted. */
export const lines = async (server: string, argv: string[]): Promise<string[]> => {
  const { code, stdout, stderr } = await inside(server, ['docker', ...argv])
  if (code !== 0) throw new Error(`docker ${argv.join(' ')} on ${server}: ${stderr}`)
  return stdout.split('\n').filter(Boolean).toSorted()
}
