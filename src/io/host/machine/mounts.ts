/** One mount of a mount namespace, as the kernel tells it in /proc/<pid>/mountinfo (proc_pid_mountinfo(5)). */
export type Mount = {
  /** `major:minor` of the file system: the same in every namespace. */
  device: string
  /** What of that file system is mounted, as a path within it. */
  root: string
  /** Where. */
  target: string
  kind: string
}

/** Reads a mountinfo; lines that are none are passed over. */
export const mountsIn = (mountinfo: string): Mount[] =>
  mountinfo.split('\n').flatMap((line) => {
    const [own = '', rest = ''] = line.split(' - ')
    const [, , device, root, target] = own.split(' ')
    const kind = rest.split(' ')[0]
    if (!device || !root || !target || !kind) return []
    return [{ device, root: unescaped(root), target: unescaped(target), kind }]
  })

/** The kernel writes space, tab, newline and backslash as three octal digits. */
const unescaped = (text: string) =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)))

/**
 * Where `path` of a container is on this machine: the mount with that very target, found by its file
 * system among the machine's own mounts. No folder of the container is walked, so that no link in it
 * leads anywhere. Undefined if the machine does not mount all of that file system.
 */
export const onThisMachine = (
  path: string,
  inContainer: Mount[],
  here: Mount[],
): string | undefined => {
  const inside = inContainer.findLast(({ target }) => target === path)
  if (!inside) return undefined
  const whole = here.find(({ device, root }) => device === inside.device && root === '/')
  return whole && whole.target.replace(/\/$/, '') + inside.root
}
