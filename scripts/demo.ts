// `npm run demo`: from nothing to a practice VPS with an app on HTTPS, released under traffic and
// rolled back. Everything it shows is what the real program prints and what was counted.
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawn } from 'node:child_process'
import { ensureAcme, setDns } from '../src/lab/acme.ts'
import { isEngineRunning } from '../src/lab/engine.ts'
import { labPath } from '../src/lab/home.ts'
import { sshConfigFile } from '../src/lab/keys.ts'
import { labDown, labUp } from '../src/lab/lab.ts'
import { startTraffic } from '../src/lab/traffic/traffic.ts'
import { acmeSettings, withLabAcme } from '../src/lab/trust.ts'
import { inside, list, up } from '../src/lab/vps.ts'
import { bundle, root } from './bundle.ts'
import { count, fill, ledgerFolder, psql, writeLedger } from './demo/data.ts'

const server = 'demo'
const domain = 'hello.example'
const folder = labPath('demo')

const say = (line = '') => console.log(line)
const title = (text: string) => say(`\n── ${text} ${'─'.repeat(Math.max(2, 74 - text.length))}`)
const report = (line: string) => say(`  ${line}`)

const zarpe = async (argv: string[], where = folder): Promise<void> => {
  say(`$ zarpe ${argv.join(' ')}`)
  const child = spawn(process.execPath, [await bundle(), '-C', where, '--yes', ...argv], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ZARPE_SSH_CONFIG: sshConfigFile(), ZARPE_BY: 'you@laptop' },
  })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  if (code !== 0) throw new Error(`"zarpe ${argv[0]}" exited ${code}; what it said is above.`)
}

const announce = async () => {
  say('Zarpe: from a bare VPS to an app on HTTPS, on this machine alone.')
  if (await isEngineRunning().catch(() => false)) return
  say(`
What will be installed here, as root, and removed again by "npm run demo -- --down":
  · a Docker engine from Debian's packages, and debootstrap to build base images
  · the compose and buildx plugins of docker, if they are missing
  · base images, a registry and an ACME server for the lab: about 3 GB in /var/lib/docker
  · the lab's keys and caches in ${labPath()}
Nothing leaves this machine but downloads of packages (and of images, if Docker Hub answers).`)
}

/** The example, as a user would have it: a folder with a Compose file and a zarpe.yml. */
const writeProject = async () => {
  const settings = await acmeSettings()
  const isNew = !existsSync(join(folder, 'zarpe.yml'))
  if (isNew) cpSync(join(root, 'examples', 'hello'), folder, { recursive: true })
  writeFileSync(join(folder, 'acme-root.pem'), settings.roots)
  const config = readFileSync(join(root, 'examples', 'hello', 'zarpe.yml'), 'utf8')
  const own = config.replace(/^ {2}main: .*$/m, `  main: deploy@${server}`)
  writeFileSync(join(folder, 'zarpe.yml'), withLabAcme(own, settings.directory, 'acme-root.pem'))
  writeFileSync(labPath('root.pem'), settings.issuingRoot)
  return settings.issuingRoot
}

const setVersion = (version: string) => writeFileSync(join(folder, 'VERSION'), `${version}\n`)

const isReleased = async () => {
  const servers = await list().catch(() => [])
  if (!servers.some(({ name, state }) => name === server && state === 'running')) return false
  const path = '/var/lib/zarpe/projects/hello-production/current'
  return (await inside(server, ['test', '-s', path])).code === 0
}

const underTraffic = async (address: string, ca: string, act: () => Promise<void>) => {
  const traffic = await startTraffic({
    url: `https://${domain}`,
    address,
    ca,
    ratePerSecond: 150,
    slowAtOnce: 5,
    webSockets: 3,
    eventStreams: 3,
  })
  try {
    await act()
  } finally {
    const { total, releases, idleResets, webSockets, eventStreams, scheduleLagMs } =
      await traffic.stop()
    const answered = Object.entries(releases).map(
      ([name, { answers }]) => `release ${name}: ${answers}`,
    )
    say(`\n  ${total.sent} requests meanwhile, ${total.failed} lost (${answered.join(', ')})`)
    say(
      `  ${webSockets.opened} WebSockets and ${eventStreams.opened} event streams opened, ` +
        `${webSockets.failed + eventStreams.failed} failed; ${idleResets} idle connections resumed`,
    )
    for (const [text, count] of Object.entries(total.errors)) say(`  lost ${count}: ${text}`)
    if (total.failed > 0 && scheduleLagMs > 3_000)
      say(
        `  (this machine stood still for ${(scheduleLagMs / 1000).toFixed(0)} s meanwhile, the traffic with it)`,
      )
    measured.push(`${total.failed} of ${total.sent} requests lost`)
  }
}

const measured: string[] = []

const timed = async (name: string, act: () => Promise<void>) => {
  const started = Date.now()
  await act()
  measured.push(`${name}: ${((Date.now() - started) / 1000).toFixed(1)} s`)
}

const firstRun = async (address: string, ca: string) => {
  title('1. A bare server becomes ready')
  await timed('set-up of a bare server', () => zarpe(['setup', `root@${server}`]))
  title('2. The first release, over SSH')
  setVersion('1.0.0')
  await timed('first release, certificate included', () => zarpe(['deploy']))
  title('3. A second release, under traffic')
  setVersion('2.0.0')
  await underTraffic(address, ca, () => timed('second release', () => zarpe(['deploy'])))
  title('4. And back, under traffic')
  await underTraffic(address, ca, () => timed('rollback', () => zarpe(['rollback'])))
  setVersion('1.0.0')
  await dataRun()
}

/** A second product on the same server, whose table is lost and comes back. */
const dataRun = async () => {
  const inLedger = (argv: string[]) => zarpe(argv, ledgerFolder())
  title('5. A product with a database: a backup is taken, restored and counted')
  writeLedger(server)
  await inLedger(['deploy'])
  await inLedger(psql(fill))
  await timed('backup of 7,320 rows, proven', () => inLedger(['backup', 'now']))
  title('6. Its table is dropped, and restored')
  await inLedger(psql('DROP TABLE entries'))
  await timed('restore', () => inLedger(['backup', 'restore']))
  await inLedger(psql(count))
  await inLedger(['backup', 'list'])
}

const end = (address: string) => {
  title('What there is now')
  say(`
  The app:    https://${domain}/   (on ${address})
  From here:  curl --cacert ${labPath('root.pem')} --resolve ${domain}:443:${address} https://${domain}/
  A browser:  add "${address} ${domain}" to /etc/hosts and trust ${labPath('root.pem')}
`)
  if (measured.length > 0) say(`  Measured just now, on this machine: ${measured.join(' · ')}\n`)
  say(`  Next, in ${folder}:
    export ZARPE_SSH_CONFIG=${sshConfigFile()}
    npm --prefix ${root} run -s zarpe -- -C ${folder} status
    npm --prefix ${root} run -s zarpe -- -C ${folder} logs web
    npm --prefix ${root} run -s zarpe -- -C ${folder} releases
    npm run demo -- --down        removes all of it
`)
}

const main = async () => {
  if (process.argv.includes('--down')) {
    await labDown({ all: true }, report)
    return say('Everything that the demo had put here is gone.')
  }
  if (process.getuid?.() !== 0)
    throw new Error('The demo installs packages and a Docker engine: run it as root.')
  await announce()
  title('The lab')
  await labUp(report)
  await ensureAcme(report)
  const released = await isReleased()
  const vps = await up({ name: server }, report)
  await setDns(domain, vps.address)
  const ca = await writeProject()
  if (released) {
    title('The app is there already; a deploy changes nothing')
    await zarpe(['deploy'])
    await zarpe(['status'])
  } else await firstRun(vps.address, ca)
  end(vps.address)
}

try {
  await main()
} catch (error) {
  console.error(`\nThe demo stopped: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
