import type { OsFacts } from '../model.ts'

/** A release of a distribution on which `setup` was made to work. */
export type KnownOs = {
  id: string
  version: string
  name: string
  /** What to install for the distribution's own engine and client. */
  enginePackages: string[]
  engineVersion: string
}

/** Releases we support; the engine is the newest that the distribution itself ships. */
export const knownSystems: KnownOs[] = [
  {
    id: 'debian',
    version: '13',
    name: 'Debian 13',
    // From Debian 13 on, the client is a package of its own.
    enginePackages: ['docker.io', 'docker-cli'],
    engineVersion: '26.1',
  },
  {
    id: 'debian',
    version: '12',
    name: 'Debian 12',
    enginePackages: ['docker.io'],
    engineVersion: '20.10',
  },
  {
    id: 'ubuntu',
    version: '24.04',
    name: 'Ubuntu 24.04',
    enginePackages: ['docker.io'],
    engineVersion: '24 or later',
  },
  {
    id: 'ubuntu',
    version: '22.04',
    name: 'Ubuntu 22.04',
    enginePackages: ['docker.io'],
    engineVersion: '20.10 or later',
  },
]

/** The supported system that this one is, if it is one. */
export const knownOs = (os: OsFacts): KnownOs | undefined =>
  knownSystems.find((each) => each.id === os.id && each.version === os.version)
