import { createHash } from 'node:crypto'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openArchives } from './archive.ts'
import { openStore, type SealingStore } from './store.ts'

let folder: string
let store: SealingStore

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zarpe-archive-'))
  store = await openStore(join(folder, 'store'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const digestOf = (content: string | Buffer) =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`

/** An archive of an image, unpacked, as `docker save` lays it out: where its layers are is up to it. */
const archiveOf = (contents: string[], files: (string | Buffer)[] = contents) => {
  const unpacked = mkdtempSync(join(folder, 'unpacked-'))
  const put = (name: string, content: string | Buffer) => {
    mkdirSync(dirname(join(unpacked, name)), { recursive: true })
    writeFileSync(join(unpacked, name), content)
    return name
  }
  const config = JSON.stringify({ rootfs: { type: 'layers', diff_ids: contents.map(digestOf) } })
  const Layers = files.map((content, index) => put(`${index}/layer.tar`, content))
  const saved = [{ Config: put('config.json', config), RepoTags: ['shop/web:1'], Layers }]
  put('manifest.json', JSON.stringify(saved))
  return { unpacked, config }
}

type Manifest = {
  config: { digest: string; size: number }
  layers: { mediaType: string; digest: string; size: number }[]
}

const never = new AbortController().signal

const put = async (unpacked: string, signal = never) => {
  const take = (to: string) => Promise.resolve(cpSync(unpacked, to, { recursive: true }))
  const digest = await openArchives(store, join(folder, 'store')).take(take, signal)
  return { digest, manifest: JSON.parse(await text(store.read(digest))) as Manifest }
}

const blob = (digest: string) => readFileSync(join(folder, 'store', 'blobs', digest.slice(7)))

describe('an image that an engine saved', () => {
  it('can be had as if it had been pushed', async () => {
    const { unpacked, config } = archiveOf(['first layer', 'second layer'])
    const { manifest } = await put(unpacked)
    expect(blob(manifest.config.digest).toString()).toBe(config)
    expect(manifest.config.size).toBe(config.length)
    expect(manifest.layers.map(({ digest }) => gunzipSync(blob(digest)).toString())).toEqual([
      'first layer',
      'second layer',
    ])
    for (const { digest, size } of manifest.layers) {
      expect(blob(digest)).toHaveLength(size)
      expect(digestOf(blob(digest))).toBe(digest)
    }
  })

  it('has the same digest each time, and packs no layer again that is here', async () => {
    const first = await put(archiveOf(['base', 'app 1']).unpacked)
    expect((await put(archiveOf(['base', 'app 1']).unpacked)).digest).toBe(first.digest)
    // A layer that would be packed again has other bytes now.
    const next = await put(archiveOf(['base', 'app 2'], ['not read', 'app 2']).unpacked)
    expect(next.manifest.layers[0]).toEqual(first.manifest.layers[0])
    expect(next.digest).not.toBe(first.digest)
  })

  it('packs a layer again that is no longer here', async () => {
    const { digest, manifest } = await put(archiveOf(['base']).unpacked)
    rmSync(join(folder, 'store', 'blobs', manifest.layers[0]!.digest.slice(7)))
    expect((await put(archiveOf(['base']).unpacked)).digest).toBe(digest)
    expect(await store.size(manifest.layers[0]!.digest)).not.toBeNull()
  })

  it('keeps layers as they are that the engine has packed', async () => {
    const packed = gzipSync('base')
    const { manifest } = await put(archiveOf(['base'], [packed]).unpacked)
    expect(manifest.layers[0]).toMatchObject({
      mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
      digest: digestOf(packed),
    })
  })

  it('is not believed, if a layer is not what the image says, and nothing of it stays', async () => {
    await expect(put(archiveOf(['base'], ['other']).unpacked)).rejects.toThrow('a layer is not')
    expect(readdirSync(join(folder, 'store', 'uploads'))).toEqual([])
    expect(readdirSync(join(folder, 'store', 'archives'))).toEqual([])
    const { manifest } = await put(archiveOf(['base']).unpacked)
    expect(gunzipSync(blob(manifest.layers[0]!.digest)).toString()).toBe('base')
  })

  it('is given up where nobody wants it any more, or a layer cannot be read', async () => {
    await expect(put(archiveOf(['base']).unpacked, AbortSignal.abort())).rejects.toThrow('aborted')
    const { unpacked } = archiveOf(['base'])
    rmSync(join(unpacked, '0'), { recursive: true })
    await expect(put(unpacked)).rejects.toThrow('ENOENT')
    expect(readdirSync(join(folder, 'store', 'archives'))).toEqual([])
  })

  it('is none, if there is no image in it', async () => {
    const unpacked = mkdtempSync(join(folder, 'unpacked-'))
    await expect(put(unpacked)).rejects.toThrow('manifest.json')
    writeFileSync(join(unpacked, 'manifest.json'), '[]')
    await expect(put(unpacked)).rejects.toThrow('manifest.json')
  })
})
