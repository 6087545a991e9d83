import { createSocket } from 'node:dgram'
import { connect } from 'node:net'

/** How long a port may be silent before it counts as closed. */
const silenceMs = 1_500
const atOnce = 400

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
