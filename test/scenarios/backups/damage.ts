import { createHash } from 'node:crypto'
import { problemIn, type CliResult } from '../../lab/cli.ts'
import { changeInside, changeWords, filesOf } from './changed.ts'
import { copyOf, onServer, project } from './ledger.ts'

// Copies are harmed at random, in every way that a disk, a line or a person can; the seed repeats a run.
// Most harms are found by a hash; those of `changed.ts` agree with every hash there is.

/**
 * A script by what it does. It is given the paths of a copy and of an older one, without their endings, and a
 * number that says where.
 */
const harms: Record<string, string> = {
  'one bit of the copy': 'flip "$1.tar"',
  'one bit of the manifest': 'flip "$1.json"',
  'a block of the copy':
    'head -c 512 /dev/urandom | dd of="$1.tar" bs=1 seek=$(at "$1.tar") conv=notrunc status=none',
  'the copy cut short by a little': 'truncate --size=-$((1 + $3 % 5000)) "$1.tar"',
  'the copy cut anywhere': 'truncate --size=$(at "$1.tar") "$1.tar"',
  // Not by its last line break alone, which means nothing.
  'the manifest cut': 'truncate --size=$(($(at "$1.json") / 2)) "$1.json"',
  'the copy made longer': 'head -c $((1 + $3 % 5000)) /dev/urandom >> "$1.tar"',
  'two copies swapped': 'mv "$1.tar" /root/swap; mv "$2.tar" "$1.tar"; mv /root/swap "$2.tar"',
  'the older copy': 'cp "$2.tar" "$1.tar"',
  'the older manifest': 'cp "$2.json" "$1.json"',
  'the older copy and manifest': 'cp "$2.tar" "$1.tar"; cp "$2.json" "$1.json"',
  'the older ones under this name':
    'cp "$2.tar" "$1.tar"; sed "s/${2##*/}/${1##*/}/" "$2.json" > "$1.json"',
  'another number of rows': `sed --in-place '0,/"rows": [0-9]*/s//"rows": 4711/' "$1.json"`,
  'no copy': 'rm "$1.tar"',
  'no manifest': 'rm "$1.json"',
}

const words = [...Object.keys(harms), ...changeWords]

const prelude = `
number=$3
at() { echo $((number % $(stat -c %s "$1"))); }
flip() {
  place=$(at "$1")
  byte=$(od -An -tu1 -j$place -N1 "$1" | tr -d ' ')
  printf "\\\\$(printf %03o $((byte ^ (1 << (number / 7 % 8)))))" | dd of="$1" bs=1 seek=$place conv=notrunc status=none
}
`

export type Injection = { what: string; number: number }

/** The injections of a run: each way as often as the others, and then by chance. */
export const injections = (seed: string, count: number): Injection[] =>
  Array.from({ length: count }, (_each, index) => {
    const digest = createHash('sha256').update(`${seed} ${index}`).digest()
    const turn = Math.floor(count / words.length) * words.length
    const way = index < turn ? index : digest.readUInt32BE(4)
    return { what: words[way % words.length]!, number: digest.readUInt32BE(0) >>> 1 }
  })

const whole = '/root/whole-copies'

/** Keeps what there is of both backups, so that every injection begins with whole ones. */
export const keepWhole = async (ids: [string, string]) => {
  const files = ids.flatMap(filesOf)
  await onServer('sh', '-euc', `rm -rf ${whole}; mkdir ${whole}`)
  await onServer('cp', '--parents', '--preserve=mode', ...files, whole)
}

export const heal = () => onServer('cp', '--recursive', `${whole}/.`, '/')

/** Answers what must be said of the harm, beside that something is damaged and of which backup. */
export const harm = async (
  [id, older]: [string, string],
  { what, number }: Injection,
): Promise<string[]> => {
  if (changeWords.includes(what)) return changeInside(id, [what], number)
  const script = prelude + harms[what]!
  await onServer('sh', '-euc', script, 'sh', copyOf(id), copyOf(older), String(number))
  return []
}

/** When the last good proof of a backup was, past the program. */
export const provenAt = async (id: string): Promise<string> => {
  const text = await onServer('cat', `/var/lib/zarpe/projects/${project}/backups/${id}.json`)
  const { proof } = JSON.parse(text) as { proof: { outcome: string; at: string } | null }
  return proof?.outcome === 'proven' ? proof.at : ''
}

/** Whether damage was told as such, and of which backup; of what agrees with every hash, also what differs. */
export const isNamed = (result: CliResult, id: string, says: string[]): boolean => {
  const { code = '', detail = '', evidence = [] } = problemIn(result)
  const form = says.length > 0 ? /^data\/not-proven$/ : /^(data\/damaged|store\/)/
  const isSaid = says.every((each) => evidence.some((line) => line.includes(each)))
  return result.code === 1 && form.test(code) && detail.includes(id) && isSaid
}

/** Copies can be harmed and healed: `act` sees the harm. */
export const harmed = async (path: string, harm: string[], act: () => Promise<void>) => {
  await onServer('cp', path, '/root/whole')
  try {
    await onServer(...harm)
    await act()
  } finally {
    await onServer('cp', '/root/whole', path)
  }
}
