import type { VolumeContents } from '../../held.ts'

const namesMax = 100

/** What tar said of a tree while it read it: what moved under its hands, and what it cannot pack. */
export const whatWasSaid = (said: string[]): Pick<VolumeContents, 'moving' | 'skipped'> => {
  const moving = new Set<string>()
  const skipped: VolumeContents['skipped'] = []
  for (const line of said) {
    const [, name = '', what = ''] =
      /^tar: (?:\.\/)?(.*?): ((?:file |File |socket |door |Cannot )\S.*)$/.exec(line) ?? []
    if (/^file changed|^File shrank|^File removed/.test(what)) moving.add(name || '.')
    else if (/^socket ignored|^door ignored/.test(what))
      skipped.push({ name, why: 'a socket: the program that listens there makes it anew' })
  }
  return { moving: [...moving].slice(0, namesMax), skipped: skipped.slice(0, namesMax) }
}
