import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from '../../problem/problem.ts'

/** Programs that no Debian has, which somebody who has them gives to the lab in a folder. */
export type Given = {
  /** What they are, for a person. */
  what: string
  /** The environment variable that names the folder, which is laid over the image's root. */
  variable: string
  /** A file in it by which it is known for what it is. */
  holds: string
}

/** The PostgreSQL of a version, as its packages or `make install DESTDIR=…` lay it out. */
export const givenPostgres = (version: number): Given => ({
  what: `PostgreSQL ${version}`,
  variable: `ZARPE_LAB_POSTGRES_${version}`,
  holds: `usr/lib/postgresql/${version}/bin/postgres`,
})

/** The folder that is given; null if none is. One that holds something else is refused. */
export const givenFolder = (
  { variable, what, holds }: Given,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string | null => {
  const folder = env[variable]
  if (!folder) return null
  if (existsSync(join(folder, holds))) return folder
  throw new Problem({
    code: 'lab/not-given',
    summary: 'The lab was given the programs of an image in a way that it cannot use.',
    detail: `${variable} is to name a folder with ${what} for Debian 13 in it: ${join(folder, holds)} is not there.`,
    fix: [`${variable}=/path/to/tree   # one that holds ${holds}`],
  })
}

export const notGiven = ({ variable, what, holds }: Given, image: string): Problem =>
  new Problem({
    code: 'lab/not-given',
    summary: 'The lab cannot make an image without programs that Debian does not have.',
    detail: `Docker Hub cannot be reached, and ${image} has no stand-in until the lab is given ${what} for Debian 13: a folder that is laid over the image’s root.`,
    fix: [
      `${variable}=/path/to/tree   # one that holds ${holds}`,
      `Run it where Docker Hub can be reached: then the official image is used.`,
    ],
  })
