// Where what lies in a copy of the configuration; docs/formats/backup.md names them.

/** Files of the laptop. */
export const projectFolder = 'project'
/** What the server keeps. */
export const serverFolder = 'server'

/** The path in the copy of a file of the laptop. What lies above zarpe.yml does not lie outside of the copy. */
export const nameInCopy = (path: string): string =>
  [projectFolder, ...path.split('/').map((part) => (part === '..' ? '_above' : part))]
    .filter((part) => part !== '' && part !== '.')
    .join('/')
