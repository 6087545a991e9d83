import { readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { run, runOk } from '../../../src/io/host/processes/process.ts'
import { labPath } from '../../../src/lab/home.ts'
import type { AnyStep } from '../../../src/plan/kinds.ts'
import type { HarnessAnswer, HarnessInput } from './entry.ts'

const limitMs = 600_000
const config = () => ['-F', labPath('ssh_config')]

/** Runs a constant command on the server in a connection of its own. */
export const ssh = (server: string, command: string, login = 'root', input?: string) =>
  run('ssh', [...config(), '-l', login, server, command], {
    limitMs,
    ...(input === undefined ? {} : { input }),
  })

/** As `ssh`, but a failure is a `Problem`; answers what was printed. */
export const sshOk = async (server: string, command: string, input?: string) => {
  const argv = [...config(), '-l', 'root', server, command]
  return (await runOk('ssh', argv, { limitMs, ...(input === undefined ? {} : { input }) })).stdout
}

/** Puts the program and a Node of its own on the server. */
export const ship = async (server: string) => {
  const bundle = join(tmpdir(), `zarpe-setup-${process.pid}.mjs`)
  const entryPoints = [join(import.meta.dirname, 'entry.ts')]
  const built = await build({
    entryPoints,
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
  })
  writeFileSync(bundle, built.outputFiles[0]!.contents)
  await runOk('scp', [...config(), '-q', process.execPath, `${server}:/root/node`], { limitMs })
  await runOk('scp', [...config(), '-q', bundle, `${server}:/root/setup.mjs`], { limitMs })
}

const input = (steps: AnyStep[]): HarnessInput => ({
  settings: { authorizedKeys: [readFileSync(labPath('id_ed25519.pub'), 'utf8').trim()] },
  steps,
})

/** Asks the program on the server, as the agent will be asked later. */
export const ask = async (
  server: string,
  verb: 'facts' | 'plan' | 'apply' | 'confirm' | 'run',
  steps: AnyStep[] = [],
): Promise<HarnessAnswer> => {
  const given = JSON.stringify(input(steps))
  const result = await runOk('ssh', [...config(), server, `/root/node /root/setup.mjs ${verb}`], {
    limitMs,
    input: given,
  })
  return JSON.parse(result.stdout.trim().split('\n').at(-1)!) as HarnessAnswer
}
