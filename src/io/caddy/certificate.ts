import { connect, type PeerCertificate } from 'node:tls'

export type Certificate = { notAfter: string; issuer: string }

/** The certificate that a server shows for a name, trusted or not; null if it shows none. */
export const certificateAt = (
  address: string,
  port: number,
  domain: string,
  limitMs: number,
): Promise<Certificate | null> =>
  new Promise((resolve) => {
    const socket = connect({ host: address, port, servername: domain, rejectUnauthorized: false })
    const end = (certificate: Certificate | null) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(certificate)
    }
    const timer = setTimeout(() => end(null), limitMs)
    socket.on('secureConnect', () => end(factsOf(socket.getPeerCertificate())))
    socket.on('error', () => end(null))
  })

const factsOf = (found: PeerCertificate): Certificate | null =>
  found.valid_to
    ? {
        notAfter: new Date(found.valid_to).toISOString(),
        issuer: [found.issuer.O, found.issuer.CN].flat().filter(Boolean).join(', '),
      }
    : null
