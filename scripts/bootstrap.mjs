// The first line of every npm script. It runs on whatever Node (>= 20) the machine has, so it is
// plain JavaScript without dependencies: it installs the npm packages when the lock file changed,
// finds Node 24, and hands over to the script asked for.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const stamp = join(root, 'node_modules', '.zarpe-lock')
const scripts = {
  demo: 'scripts/demo.ts',
  test: 'scripts/test.ts',
  check: 'scripts/check.ts',
  bench: 'scripts/bench.ts',
  soak: 'scripts/soak.ts',
  build: 'scripts/build.ts',
  docs: 'scripts/docs.ts',
  format: 'scripts/format.ts',
  picture: 'scripts/picture.ts',
  zarpe: 'scripts/zarpe.ts',
}

const fail = (text) => {
  process.stderr.write(`${text}\n`)
  process.exit(1)
}

const installPackages = () => {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  process.stderr.write(
    'Installing the npm packages (about 80, 360 MB with the Node 24 runtime) …\n',
  )
  // Not `npm ci`: it refuses a lock file whose packages for other platforms a mirror does not have.
  const argv = ['install', '--no-save', '--loglevel=error', '--no-audit', '--no-fund']
  const npm = spawnSync('npm', argv, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (npm.status !== 0)
    fail('npm install failed; its message is above. To try again, run the same command.')
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, lock)
}

const findNode24 = () => {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  const bundled = join(
    root,
    'node_modules',
    `node-${process.platform}-${process.arch}`,
    'bin',
    'node',
  )
  if (existsSync(bundled)) return bundled
  return fail(
    `Zarpe needs Node 24 or newer; this is ${process.version}, and no packaged runtime exists for ` +
      `${process.platform}-${process.arch}. Install Node 24 from https://nodejs.org and run this again.`,
  )
}

if (Number(process.versions.node.split('.')[0]) < 20)
  fail(`Node 20 or newer is needed to start; this is ${process.version}.`)
const [name = '', ...rest] = process.argv.slice(2)
const script = scripts[name]
if (!script) fail(`Unknown script "${name}". Known: ${Object.keys(scripts).join(', ')}.`)
installPackages()
const node = findNode24()
const run = spawnSync(
  node,
  ['--disable-warning=ExperimentalWarning', join(root, script), ...rest],
  {
    stdio: 'inherit',
    env: { ...process.env, PATH: `${dirname(node)}:${process.env.PATH}` },
  },
)
process.exit(run.status ?? 1)
