type Mount = { Type: string; Source?: string; Target: string }

/** The volume that holds a folder, and where in it that is. */
export const mountCovering = (
  mounts: Mount[],
  folder: string,
): { volume: string; below: string } | null => {
  const found = mounts
    .map((mount) => ({ ...mount, Target: mount.Target.replace(/\/+$/, '') }))
    .filter(({ Target }) => folder === Target || folder.startsWith(`${Target}/`))
    .toSorted((left, right) => right.Target.length - left.Target.length)[0]
  if (found?.Type !== 'volume' || !found.Source) return null
  return { volume: found.Source, below: folder.slice(found.Target.length + 1) }
}
