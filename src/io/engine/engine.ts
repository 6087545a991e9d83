import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { containerCalls } from './containers.ts'
import { engineSocket } from './door.ts'
import { type Call, hijack, json, stream } from './http.ts'
import { imageCalls } from './images.ts'
import { networkCalls } from './networks.ts'
import { secretCalls } from './secrets.ts'
import { serviceCalls } from './services.ts'
import { systemCalls } from './system.ts'

/** The three ways to call the engine, over which every group of calls is written. */
export type Caller = {
  json: <Result>(call: Call) => Promise<Result>
  stream: (call: Call) => Promise<IncomingMessage>
  hijack: (call: Call) => Promise<Duplex>
}

/** The door to one Docker engine, grouped as the Engine API's reference is. */
export type Engine = {
  containers: ReturnType<typeof containerCalls>
  images: ReturnType<typeof imageCalls>
  networks: ReturnType<typeof networkCalls>
  secrets: ReturnType<typeof secretCalls>
  services: ReturnType<typeof serviceCalls>
  system: ReturnType<typeof systemCalls>
}

/** Opens the engine on a unix socket. Nothing is sent until the first call. */
export const openEngine = (socketPath = engineSocket): Engine =>
  engineOf({
    json: (call) => json(socketPath, call),
    stream: (call) => stream(socketPath, call),
    hijack: (call) => hijack(socketPath, call),
  })

/** The engine over any caller; tests hand in one that records. */
export const engineOf = (caller: Caller): Engine => ({
  containers: containerCalls(caller),
  images: imageCalls(caller),
  networks: networkCalls(caller),
  secrets: secretCalls(caller),
  services: serviceCalls(caller),
  system: systemCalls(caller),
})
