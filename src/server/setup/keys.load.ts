import { readText } from '../../io/host/files/durable.ts'
import { run } from '../../io/host/processes/process.ts'
import { sshArguments, type SshTarget } from '../../io/ssh/target.ts'
import { Problem } from '../../problem/problem.ts'

/**
 * The public keys with which this operator logs in to a server: those that ssh would offer it, by
 * the user's own ssh_config and agent. They become the deploy user's `authorized_keys`.
 */
export const operatorKeys = async (target: SshTarget): Promise<string[]> => {
  const [files, agent] = await Promise.all([keysInFiles(target), keysInAgent()])
  const keys = [...new Set([...files, ...agent])]
  if (keys.length > 0) return keys
  throw new Problem({
    code: 'server/no-key',
    summary: 'There is no SSH key to let you in after the set-up.',
    detail: `ssh would offer ${target.text} no key whose public half is on this machine.`,
    fix: ['ssh-keygen -t ed25519', `ssh-copy-id ${target.text}`],
  })
}

const keysInFiles = async (target: SshTarget): Promise<string[]> => {
  const result = await run('ssh', ['-G', ...sshArguments(target)], { limitMs: 10_000 })
  const names = [...result.stdout.matchAll(/^identityfile (.+)$/gm)].map((match) => match[1]!)
  const home = process.env['HOME'] ?? ''
  const texts = await Promise.all(
    names.map((name) => readText(`${name.replace(/^~(?=\/)/, home)}.pub`)),
  )
  return texts.filter((text) => text !== null).map(withoutEnd)
}

const keysInAgent = async (): Promise<string[]> => {
  if (!process.env['SSH_AUTH_SOCK']) return []
  const result = await run('ssh-add', ['-L'], { limitMs: 5_000 }).catch(() => null)
  if (!result || result.code !== 0) return []
  return result.stdout.split('\n').map(withoutEnd).filter(Boolean)
}

const withoutEnd = (line: string) => line.trim()
