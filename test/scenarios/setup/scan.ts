import { createSocket } from 'node:dgram'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** How long a port may be silent before it counts as closed. */
const silenceMs = 1_500
const atOnce = 2_000

/** The ports of the list that accept a TCP connection from here. */
export const openTcp = async (address: string, ports: number[]): Promise<number[]> => {
  const open: number[] = []
  const rest = ports.values()
  const worker = async () => {
    for (const port of rest) if (await accepts(address, port)) open.push(port)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return open.sort((left, right) => left - right)
}

const accepts = (address: string, port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect({ host: address, port, timeout: silenceMs })
    const end = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.on('connect', () => end(true))
    socket.on('timeout', () => end(false))
    socket.on('error', () => end(false))
  })

/** How many datagrams leave before a short pause: more would be dropped on this side. */
const burst = 256

/** The ports of the list at which an echo server answers over UDP; each is asked twice, since a datagram may be lost. */
export const openUdp = (address: string, ports: number[]) =>
  new Promise<number[]>((resolve, reject) => {
    const open = new Set<number>()
    const socket = createSocket('udp4')
    socket.on('message', (_text, { port }) => open.add(port))
    socket.on('error', reject)
    const ask = async () => {
      for (const [index, port] of [...ports, ...ports].entries()) {
        socket.send('hello', port, address)
        if (index % burst === 0) await sleep(5)
      }
      await sleep(silenceMs)
      socket.close()
      resolve([...open].toSorted((left, right) => left - right))
    }
    ask().catch(reject)
  })

/** Whether an echo server answers there over UDP; asks three times, since a datagram may be lost. */
export const echoesUdp = (address: string, port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = createSocket('udp4')
    const timers = [0, 200, 400].map((ms) =>
      setTimeout(() => socket.send('hello', port, address), ms),
    )
    const end = (answer: boolean) => {
      timers.forEach((timer) => clearTimeout(timer))
      clearTimeout(last)
      socket.close()
      resolve(answer)
    }
    const last = setTimeout(() => end(false), silenceMs)
    socket.on('message', () => end(true))
    socket.on('error', () => end(false))
  })
