import type { Listener } from '../model.ts'

/** Reads `ss -H -tulnp`. */
export const parseSockets = (text: string): Listener[] =>
  text.split('\n').flatMap((line): Listener[] => {
    const [protocol, , , , local] = line.trim().split(/\s+/)
    const place = /^(.*):(\d+)$/.exec(local ?? '')
    if (!place || (protocol !== 'tcp' && protocol !== 'udp')) return []
    const program = /users:\(\("([^"]+)"/.exec(line)?.[1] ?? ''
    // "127.0.0.53%lo" is an address with the interface it is bound to.
    const address = place[1]!.replace(/%.*$/, '').replace(/^\[(.*)\]$/, '$1')
    return [{ protocol, address, port: Number(place[2]), program }]
  })
