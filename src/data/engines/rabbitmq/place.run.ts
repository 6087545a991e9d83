import {
  readText,
  removePath,
  statOf,
  within,
  writeDurable,
} from '../../../io/host/files/durable.ts'
import { stateFolder } from '../../../release/places.ts'

// Definitions that wait beside a broker, or were its own before a restore: files that only root can read.

const fileOf = (project: string, name: string) =>
  within(stateFolder, project, 'definitions', `${name}.json`)

export const keepFile = (project: string, name: string, text: string) =>
  writeDurable(fileOf(project, name), text)

/** Null if there is none of that name. */
export const keptFile = (project: string, name: string) => readText(fileOf(project, name))

export const isKept = async (project: string, name: string) =>
  (await statOf(fileOf(project, name))) !== null

export const removeKept = (project: string, name: string) => removePath(fileOf(project, name))
