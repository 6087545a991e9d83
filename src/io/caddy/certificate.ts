import { connect, type PeerCertificate } from 'node:tls'

export type Certificate = { notAfter: string; issuer: string }

/**
 * The certificate that a server shows for a name, trusted or not: `none` if it refuses, and `late` if it had said
 * neither at the end of the limit, as one that is busy does.
 */
export const certificateAt = (
  address: string,
  port: number,
  domain: string,
  limitMs: number,
): Promise<Certificate | 'none' | 'late'> =>
  new Promise((resolve) => {
    const socket = connect({ host: address, port, servername: domain, rejectUnauthorized: false })
    const end = (certificate: Certificate | 'none' | 'late') => {
      clearTimeout(timer)
      socket.destroy()
      resolve(certificate)
    }
    const timer = setTimeout(() => end('late'), limitMs)
    socket.on('secureConnect', () => end(factsOf(socket.getPeerCertificate())))
    socket.on('error', () => end('none'))
  })

const factsOf = (found: PeerCertificate): Certificate | 'none' =>
  found.valid_to
    ? {
        notAfter: new Date(found.valid_to).toISOString(),
        issuer: [found.issuer.O, found.issuer.CN].flat().filter(Boolean).join(', '),
      }
    : 'none'
