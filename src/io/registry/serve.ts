import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readManifest } from './manifest.ts'
import type { Store } from './store.ts'

/** What a push left behind and what pulls took, counted for the plan's notes and the benchmark. */
export type Registry = {
  port: number
  /** Digest of the manifest last pushed under `name:tag`. */
  digestOf: (name: string, tag: string) => string | undefined
  bytesServed: () => number
  close: () => Promise<void>
}

type Tagged = { digest: string; type: string }

/**
 * A registry on the laptop's loopback that speaks just enough of the OCI Distribution Specification
 * (https://github.com/opencontainers/distribution-spec) for `docker push` here and an engine's pull
 * there: only layers that the server lacks cross the connection, and no third party is needed.
 */
export const serveRegistry = async (store: Store): Promise<Registry> => {
  const tags = new Map<string, Tagged>()
  const types = new Map<string, string>()
  let served = 0
  const state = { store, tags, types, count: (bytes: number) => void (served += bytes) }
  const server = createServer((request, response) => {
    handle(state, request, response).catch((error: Error) => {
      if (response.headersSent) response.destroy()
      else answer(response, 400, { message: error.message })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    digestOf: (name, tag) => tags.get(`${name}:${tag}`)?.digest,
    bytesServed: () => served,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

type State = {
  store: Store
  tags: Map<string, Tagged>
  types: Map<string, string>
  count: (bytes: number) => void
}

const handle = async (state: State, request: IncomingMessage, response: ServerResponse) => {
  const url = new URL(request.url ?? '/', 'http://registry')
  const match = /^\/v2\/(.+)\/(blobs|manifests)\/(.+)$/.exec(url.pathname)
  if (!match) return answer(response, url.pathname === '/v2/' ? 200 : 404, {})
  const [, name = '', kind, reference = ''] = match
  if (kind === 'manifests') return manifests(state, name, reference, request, response)
  if (request.method === 'POST')
    return beginUpload(state, name.replace(/\/blobs$/, ''), url, response)
  const upload = /^uploads\/(.+)$/.exec(reference)?.[1]
  if (upload) return continueUpload(state, name, upload, url, request, response)
  return blob(state, reference, request, response)
}

const blob = async (
  state: State,
  digest: string,
  request: IncomingMessage,
  response: ServerResponse,
) => {
  const size = await state.store.size(digest)
  if (size === null) return answer(response, 404, {})
  response.writeHead(200, {
    'content-length': size,
    'content-type': 'application/octet-stream',
    'docker-content-digest': digest,
  })
  if (request.method === 'HEAD') return response.end()
  state.count(size)
  state.store.read(digest).pipe(response)
}

const beginUpload = async (state: State, name: string, url: URL, response: ServerResponse) => {
  const mount = url.searchParams.get('mount')
  if (mount && (await state.store.size(mount)) !== null)
    return answer(response, 201, {}, { location: `/v2/${name}/blobs/${mount}` })
  const id = await state.store.begin()
  return answer(response, 202, {}, { location: `/v2/${name}/blobs/uploads/${id}`, range: '0-0' })
}

const continueUpload = async (
  state: State,
  name: string,
  id: string,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
) => {
  const size = await state.store.append(id, request)
  const digest = url.searchParams.get('digest')
  if (request.method !== 'PUT' || !digest)
    return answer(
      response,
      202,
      {},
      { location: `/v2/${name}/blobs/uploads/${id}`, range: `0-${Math.max(0, size - 1)}` },
    )
  const whole = await state.store.finish(id, digest)
  if (!whole) return answer(response, 400, { message: 'the bytes do not match the digest' })
  return answer(
    response,
    201,
    {},
    { location: `/v2/${name}/blobs/${digest}`, 'docker-content-digest': digest },
  )
}

const manifests = async (
  state: State,
  name: string,
  reference: string,
  request: IncomingMessage,
  response: ServerResponse,
) => {
  if (request.method === 'PUT') {
    const digest = await state.store.put(await bodyOf(request))
    const type = request.headers['content-type'] ?? ''
    state.tags.set(`${name}:${reference}`, { digest, type })
    state.types.set(digest, type)
    return answer(response, 201, {}, { 'docker-content-digest': digest })
  }
  const digest = reference.startsWith('sha256:')
    ? reference
    : state.tags.get(`${name}:${reference}`)?.digest
  const size = digest ? await state.store.size(digest) : null
  if (!digest || size === null) return answer(response, 404, {})
  response.writeHead(200, {
    // One of an earlier run says it itself, or is of the form that does not have to.
    'content-type': state.types.get(digest) ?? (await typeOf(state.store, digest)),
    'content-length': size,
    'docker-content-digest': digest,
  })
  if (request.method === 'HEAD') return response.end()
  state.store.read(digest).pipe(response)
}

const typeOf = async (store: Store, digest: string): Promise<string> => {
  const { mediaType } = await readManifest(store, digest)
  return typeof mediaType === 'string' ? mediaType : 'application/vnd.oci.image.manifest.v1+json'
}

const manifestBytesMax = 4 * 1024 * 1024

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length
    if (size > manifestBytesMax) throw new Error('manifest too large')
    parts.push(part)
  }
  return Buffer.concat(parts)
}

const answer = (
  response: ServerResponse,
  status: number,
  body: object,
  headers: Record<string, string> = {},
) => {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'docker-distribution-api-version': 'registry/2.0',
    ...headers,
  })
  response.end(text)
}
