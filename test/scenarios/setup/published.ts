import { sshOk } from './harness.ts'

// Echoes over TCP and UDP on one port, as any app might that its owner published carelessly.
const program = `
require('node:net').createServer((socket) => socket.on('error', () => {}).pipe(socket)).listen(8080, '::')
const udp = require('node:dgram').createSocket('udp4').bind(8080)
udp.on('message', (text, from) => udp.send(text, from.port, from.address))
`

/**
 * Runs a container that publishes ports to the world, on an image made of nothing but Node and the
 * libraries it needs: a scenario needs no registry for that.
 */
export const publish = async (server: string) => {
  await sshOk(
    server,
    'cd / && ldd /root/node | grep -o "/[^ ]*" | sort -u | tar -chf - -T - root/node | docker import - local/echo:1',
  )
  await sshOk(server, 'cat > /root/echo.cjs', program)
  await sshOk(
    server,
    'docker run -d --name echo --restart always --volume /root/echo.cjs:/echo.cjs:ro ' +
      '-p 80:8080 -p 443:8080 -p 443:8080/udp ' +
      '-p 8080:8080 -p 8080:8080/udp -p 0.0.0.0:8081:8080 -p 127.0.0.1:9090:8080 ' +
      'local/echo:1 /root/node /echo.cjs',
  )
}
