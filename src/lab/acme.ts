import { get } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from '../problem/problem.ts'
import { dockerOk } from './docker.ts'
import { ensureEngine } from './engine.ts'
import type { Report } from './home.ts'
import { baseTag, ensureBase } from './images/base.ts'
import { acmeTag } from './images/images.ts'
import { ensureImage } from './images/recipe.ts'
import { withLock } from './lock.ts'
import { addresses, ensureNetwork } from './network.ts'
import { ensureService } from './service.ts'

const container = 'zarpe-lab-acme'
const serverName = 'acme.lab.example'
const startLimitMs = 30_000
const requestLimitMs = 5_000
const answerBytesMax = 1024 * 1024

/**
 * The lab's ACME server. It proves names over HTTP-01 (port 80) and TLS-ALPN-01 (port 443), at the
 * addresses that `setDns` gave them. Servers reach it by its address: the lab's names are in no
 * DNS that a server asks.
 */
export const acme = {
  directory: `https://${addresses.acme}:14000/dir`,
  management: `https://${addresses.acme}:15000`,
  dnsManagement: `http://${addresses.acme}:8055`,
  dnsServer: `${addresses.acme}:8053`,
} as const

/** Makes sure that the ACME server and its DNS server run and answer. */
export const ensureAcme = async (report: Report): Promise<void> => {
  await ensureEngine(report)
  await withLock('lab', async () => {
    await ensureBase('trixie', report)
    await ensureNetwork(report)
    await ensureImage({ tag: acmeTag, folder: 'acme', base: baseTag('trixie') }, report)
    const argv = [addresses.acme, serverName]
    const name = container
    const service = { name, tag: acmeTag, address: addresses.acme, data: '/acme', argv }
    await ensureService(service, report)
  })
  await awaitAnswer()
}

const awaitAnswer = async () => {
  const deadline = Date.now() + startLimitMs
  for (;;) {
    try {
      await rootCertificate()
      await ask('/', {})
      return
    } catch (error) {
      if (Date.now() > deadline) throw silent(error)
      await sleep(100)
    }
  }
}

/**
 * The certificate that the ACME server's own HTTPS is signed with: Caddy's `acme_ca_root`. It
 * lasts as long as the lab.
 */
export const directoryCertificate = (): Promise<string> =>
  dockerOk(['exec', container, 'cat', '/acme/root.pem'])

/**
 * The root of the certificates that are issued: `curl --cacert`. It is a new one after each start
 * of the ACME server.
 */
export const rootCertificate = async (): Promise<string> => {
  const ca = await directoryCertificate()
  return new Promise((resolve, reject) => {
    const url = `${acme.management}/roots/0`
    const request = get(url, { ca, agent: false, timeout: requestLimitMs }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => {
        text += part
        if (text.length > answerBytesMax) request.destroy(new Error(`${url} answers too much`))
      })
      response.on('end', () =>
        response.statusCode === 200
          ? resolve(text)
          : reject(new Error(`${url} answered ${response.statusCode}`)),
      )
    })
    request.on('timeout', () =>
      request.destroy(new Error(`${url} gave no answer in ${requestLimitMs / 1000} s`)),
    )
    request.on('error', reject)
  })
}

/** Gives a name its address, for validation; a name without one has no record at all. */
export const setDns = async (name: string, address: string | undefined): Promise<void> => {
  const host = name.endsWith('.') ? name : `${name}.`
  await ask('/clear-a', { host })
  if (address !== undefined) await ask('/add-a', { host, addresses: [address] })
}

const ask = async (path: string, body: object): Promise<void> => {
  const response = await fetch(acme.dnsManagement + path, {
    method: 'POST',
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(requestLimitMs),
  })
  await response.body?.cancel()
  if (path !== '/' && !response.ok) throw new Error(`${path} answered ${response.status}`)
}

const silent = (cause: unknown) =>
  new Problem(
    {
      code: 'lab/acme-silent',
      summary: "The lab's ACME server did not start.",
      detail: `The container "${container}" gave no answer in ${startLimitMs / 1000} s.`,
      fix: [`docker logs ${container}`],
    },
    { cause },
  )
