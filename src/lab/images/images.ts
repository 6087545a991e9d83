import type { Report } from '../home.ts'
import { baseTag, ensureBase, type Suite } from './base.ts'
import { ensureImage, type Recipe } from './recipe.ts'
import { officialNames } from './standins.ts'

export const registryTag = 'zarpe-lab/registry:1'
export const acmeTag = 'zarpe-lab/acme:1'
export const sftpTag = 'zarpe-lab/sftp:1'
export const s3Tag = 'zarpe-lab/s3:1'

/** The kinds of VPS: a hoster's minimal Debian 13 or 12, and one that has Docker already. */
export type VpsImage = 'debian-13' | 'debian-12' | 'debian-13-docker'

export const vpsImages: readonly VpsImage[] = ['debian-13', 'debian-12', 'debian-13-docker']

const suites: Record<VpsImage, Suite> = {
  'debian-13': 'trixie',
  'debian-13-docker': 'trixie',
  'debian-12': 'bookworm',
}

const engine = 'docker.io docker-cli docker-compose iptables nftables zstd xz-utils'

/** The tag of a VPS image in the machine's engine. */
export const vpsTag = (image: VpsImage) => `zarpe-lab/vps:${image}`

/** The names of all images that the lab makes, those above before those they are built on. */
export const labTags: readonly string[] = [
  ...vpsImages.map(vpsTag),
  registryTag,
  acmeTag,
  sftpTag,
  s3Tag,
  ...officialNames.toReversed(),
  ...(['bookworm', 'forky', 'sid'] as const).flatMap((suite) => [
    `debian:${suite}`,
    baseTag(suite),
  ]),
]

/**
 * Makes sure of the image of a VPS and of the Debian below it. `daemonSettings` is what its
 * `/etc/docker/daemon.json` says before an engine is there, if anything.
 */
export const ensureVpsImage = async (
  image: VpsImage,
  daemonSettings: object | undefined,
  report: Report,
): Promise<void> => {
  const suite = suites[image]
  await ensureBase(suite, report)
  const recipe: Recipe = {
    tag: vpsTag(image),
    folder: 'vps',
    base: baseTag(suite),
    arguments: {
      EXTRA: image === 'debian-13-docker' ? engine : '',
      DAEMON_JSON: daemonSettings ? JSON.stringify(daemonSettings, undefined, 2) : '',
    },
  }
  await ensureImage(recipe, report)
}
