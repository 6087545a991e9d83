// `npm run bench`: what a set-up, a release and a rollback cost, beside doing it by hand, in one run on
// one machine. Writes docs/benchmarks.md. Figures of different runs must not be compared.
import { writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { labUp } from '../src/lab/lab.ts'
import { bundle, root } from './bundle.ts'
import { measureCheck } from './bench/check.ts'
import { type ByHand, measureByHand } from './bench/by-hand.ts'
import { dataPage, measureData } from './bench/data.ts'
import { seconds } from './bench/measure.ts'
import { type Figures, measureZarpe } from './bench/zarpe.ts'

const rounds = Number(process.env['ZARPE_BENCH_ROUNDS'] ?? 5)

const page = (zarpe: Figures, hand: ByHand, checkMs: number, data: string) => `# Benchmarks

Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}. Medians of ${rounds} rounds of one run; ${cpus().length} cores
(${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, laptop and server being containers of one machine
with about 0.1 ms between them. The app is \`examples/hello\`: two tasks, ready about a second after their start,
watched for 6 s by default.

| what | figure |
|---|---|
| bare server to ready (\`setup\`: agent sent, Docker installed, hardened) | ${seconds(zarpe.setupMs)} |
| first \`deploy\` on it, certificate included | ${seconds(zarpe.firstMs)} |
| bare server to HTTPS | ${seconds(zarpe.bareToHttpsMs)} |
| \`deploy\` of a changed service, all of it | ${seconds(zarpe.releaseMs)} |
| … of which the app's start with its watch | ${seconds(zarpe.steps['service.await'] ?? 0)} |
| … of which the old tasks' drain and stop | ${seconds(zarpe.steps['service.retire'] ?? 0)} |
| … of which \`docker build\`, nothing cached but the base | ${seconds(zarpe.buildMs)} |
| … of which Zarpe itself | ${seconds(zarpe.overheadMs)} |
| \`deploy\` when nothing changed | ${seconds(zarpe.unchangedMs)} |
| \`rollback\` until the old release is proven to answer | ${seconds(zarpe.rollbackToTrafficMs)} (its start: ${seconds(zarpe.rollbackStartMs)}) |
| requests lost in a deploy and a rollback under load | ${zarpe.lost.lost} of ${zarpe.lost.sent} |
| request/response exchanges of a deploy | ${zarpe.exchanges} |
| sent for a 1 MB change in an image of ${zarpe.bigImage.imageMb} MB | ${(zarpe.bigImage.bytes / 1e6).toFixed(2)} MB, pulled in ${seconds(zarpe.bigImage.ms)} |
| \`check\` of a product of 30 services, all built, with 600 files of code in git | ${seconds(checkMs)} |
| connection and start of the agent | ${seconds(zarpe.agentStartMs)} |
| agent's memory while deploying, peak of its resident set | ${zarpe.memory.peakMb.toFixed(0)} MB |
| agent's memory a second after | ${zarpe.memory.leftMb.toFixed(0)} MB |

Steps of a release: ${Object.entries(zarpe.steps)
  .map(([kind, ms]) => `${kind} ${seconds(ms)}`)
  .join(' · ')}.

## Beside it, by hand

\`docker build\`, \`docker push\` to a registry beside the server, then \`docker compose pull && up -d --force-recreate --wait\`
over SSH, the same app with one task on plain HTTP, in the same run.

| what | by hand | Zarpe |
|---|---|---|
| a release of a changed service | ${seconds(hand.releaseMs)} | ${seconds(zarpe.releaseMs)} (6 s of it is the watch) |
| requests lost | ${hand.lost} of ${hand.sent} (${rounds} releases) | ${zarpe.lost.lost} of ${zarpe.lost.sent} (a deploy and a rollback) |

${data}
## How the figures are got

Whole commands are timed from outside, as a shell would; steps by the program's own events. "Zarpe itself" is the
whole command less the build, \`service.await\` and \`service.retire\`. Bytes are counted by the registry inside the program, as blobs
served. Lost requests are those of \`src/lab/traffic\`: GET and POST, new and kept connections, HTTP/1.1 and HTTP/2, slow ones.
The agent's memory is read from \`ps\` ten times a second.
`

await labUp((line) => console.log(`  ${line}`))
await bundle()
console.log('measuring Zarpe …')
const zarpe = await measureZarpe(rounds)
console.log('measuring the way by hand …')
const hand = await measureByHand(rounds)
console.log('measuring check …')
const checkMs = await measureCheck(rounds)
console.log('measuring backups …')
const data = dataPage(await measureData(Math.min(rounds, 3)))
const text = page(zarpe, hand, checkMs, data)
writeFileSync(join(root, 'docs', 'benchmarks.md'), text)
console.log(text)
