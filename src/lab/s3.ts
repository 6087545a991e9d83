import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { docker, dockerOk } from './docker.ts'
import { ensureEngine } from './engine.ts'
import { labLabel, type Report } from './home.ts'
import { baseTag, ensureBase } from './images/base.ts'
import { s3Tag } from './images/images.ts'
import { ensureImage } from './images/recipe.ts'
import { withLock } from './lock.ts'
import { addresses, ensureNetwork, labNetwork } from './network.ts'

const container = 'zarpe-s3'
const startLimitMs = 120_000

/** Object storage of the lab: Ceph's gateway, with users of their own. */
export type S3Server = { name: string; endpoint: string; region: string; owner: S3User }

export type S3User = { accessKeyId: string; secretAccessKey: string }

/** Starts it anew: empty, in memory, with one user whose keys were never used before. */
export const startS3 = async (report: Report): Promise<S3Server> => {
  await ensureEngine(report)
  await withLock('lab', async () => {
    await ensureBase('trixie', report)
    await ensureNetwork(report)
    await ensureImage({ tag: s3Tag, folder: 's3', base: baseTag('trixie') }, report)
  })
  await stopS3()
  const argv = ['run', '--detach', '--name', container, '--label', `${labLabel}=1`]
  await dockerOk([...argv, '--network', labNetwork, '--ip', addresses.s3, s3Tag])
  const endpoint = `http://${addresses.s3}:7480`
  await awaitAnswer(endpoint)
  return { name: container, endpoint, region: 'default', owner: await makeS3User('owner') }
}

/** Removes it with all it has. */
export const stopS3 = async (): Promise<void> => {
  await docker(['rm', '--force', '--volumes', container])
}

/** Makes another user of the lab's object storage, who has no bucket. */
export const makeS3User = async (name: string): Promise<S3User> => {
  const user = {
    accessKeyId: randomBytes(10).toString('hex'),
    secretAccessKey: randomBytes(20).toString('hex'),
  }
  const argv = ['radosgw-admin', '-n', 'client.rgw', 'user', 'create', `--uid=${name}`]
  const keys = [`--access-key=${user.accessKeyId}`, `--secret-key=${user.secretAccessKey}`]
  await dockerOk(['exec', container, ...argv, `--display-name=${name}`, ...keys])
  return user
}

/** Limits what a user may store. */
export const limitS3User = async (name: string, bytes: number): Promise<void> => {
  const admin = ['exec', container, 'radosgw-admin', '-n', 'client.rgw', 'quota']
  const who = ['--quota-scope=user', `--uid=${name}`]
  await dockerOk([...admin, 'set', ...who, `--max-size=${bytes}`])
  await dockerOk([...admin, 'enable', ...who])
}

const awaitAnswer = async (endpoint: string) => {
  const deadline = Date.now() + startLimitMs
  for (;;) {
    try {
      const response = await fetch(endpoint, { signal: AbortSignal.timeout(2_000) })
      await response.body?.cancel()
      if (response.ok) return
    } catch {
      // Not yet.
    }
    if (Date.now() > deadline)
      throw new Error(`${container} gave no answer: docker logs ${container}`)
    await sleep(200)
  }
}
