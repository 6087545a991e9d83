import { createHash } from 'node:crypto'

const magic = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const payloadMax = 65_535
const opcodes = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 }

/** Answers the upgrade, then echoes every message. Returns `close(code)`. */
export const echoSocket = (request, socket, headers) => {
  const accept = createHash('sha1')
    .update(request.headers['sec-websocket-key'] + magic)
    .digest('base64')
  const lines = { Upgrade: 'websocket', Connection: 'Upgrade', 'Sec-WebSocket-Accept': accept, ...headers }
  const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(`HTTP/1.1 101 Switching Protocols\r\n${head.join('')}\r\n`)
  socket.setNoDelay(true)

  let rest = Buffer.alloc(0)
  socket.on('data', (part) => {
    rest = Buffer.concat([rest, part])
    for (let frame; (frame = readFrame(rest)); rest = frame.rest) {
      if (frame.tooLong) return end(socket, 1009)
      if (frame.opcode === opcodes.close) return socket.end(frameOf(opcodes.close, frame.payload))
      if (frame.opcode === opcodes.ping) socket.write(frameOf(opcodes.pong, frame.payload))
      else if (frame.opcode !== opcodes.pong) socket.write(frameOf(frame.opcode, frame.payload))
    }
  })
  socket.on('error', () => socket.destroy())
  return { close: (code) => end(socket, code) }
}

const end = (socket, code) => {
  const payload = Buffer.alloc(2)
  payload.writeUInt16BE(code)
  if (socket.writable) socket.write(frameOf(opcodes.close, payload))
  setTimeout(() => socket.end(), 500).unref()
}

/** The first whole frame in the bytes, or null if more must arrive. Only unfragmented frames. */
const readFrame = (bytes) => {
  if (bytes.length < 6) return null
  const short = bytes[1] & 0x7f
  if (short === 127) return { tooLong: true, rest: bytes.subarray(bytes.length) }
  const start = short === 126 ? 4 : 2
  const length = short === 126 ? bytes.readUInt16BE(2) : short
  if (bytes.length < start + 4 + length) return null
  const mask = bytes.subarray(start, start + 4)
  const payload = Buffer.from(bytes.subarray(start + 4, start + 4 + length))
  for (let index = 0; index < payload.length; index++) payload[index] ^= mask[index % 4]
  return { opcode: bytes[0] & 0x0f, payload, rest: bytes.subarray(start + 4 + length) }
}

const frameOf = (opcode, payload) => {
  const length = Math.min(payload.length, payloadMax)
  const head =
    length < 126
      ? Buffer.from([0x80 | opcode, length])
      : Buffer.from([0x80 | opcode, 126, length >> 8, length & 0xff])
  return Buffer.concat([head, payload.subarray(0, length)])
}
