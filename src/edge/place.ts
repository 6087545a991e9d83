import { edgeNames } from './model.ts'

/** Where an edge lives. Production has one; a test puts another beside it. */
export type EdgePlace = {
  container: string
  dataVolume: string
  /** On the server and, under the same path, inside the container. */
  folder: string
  /** Where the agent reaches the edge from the server itself. */
  address: string
  httpPort: number
  httpsPort: number
  /** The folder of its lock; without it that of all locks. */
  locks?: string
}

export const standardPlace: EdgePlace = {
  container: edgeNames.container,
  dataVolume: edgeNames.dataVolume,
  folder: edgeNames.folder,
  address: '127.0.0.1',
  httpPort: 80,
  httpsPort: 443,
}
