import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'

declare const __ZARPE_TEST_DOORS__: boolean | undefined

/** True only in bundles made for tests: they can be told to stop or die between two acts. */
export const hasTestDoors = typeof __ZARPE_TEST_DOORS__ === 'boolean' && __ZARPE_TEST_DOORS__

declare const __ZARPE_VERSION__: string | undefined

/** As package.json says; a program that was not bundled has none. */
export const version = typeof __ZARPE_VERSION__ === 'string' ? __ZARPE_VERSION__ : '0.0.0'

declare const __ZARPE_RUNTIME__: string | undefined

/** Of Node, as servers get it: what package.json names; a program that was not bundled has its own. */
export const runtimeVersion =
  typeof __ZARPE_RUNTIME__ === 'string' ? __ZARPE_RUNTIME__ : process.versions.node

/** The bundle this process runs from: the same file is the command and, on a server, the agent. */
export const ownProgram = () => readFile(process.argv[1]!)

/** SHA-256 of that bundle, in hex. Both ends of a connection must have the same. */
export const ownBuild = async () =>
  createHash('sha256')
    .update(await ownProgram())
    .digest('hex')
