import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { page, style } from './page.mjs'
import { echoSocket } from './websocket.mjs'

const facts = {
  version: readFileSync(new URL('VERSION', import.meta.url), 'utf8').trim(),
  release: process.env.ZARPE_RELEASE ?? 'none',
  container: hostname(),
}
const mode = process.env.MODE ?? 'graceful'
const port = Number(process.env.PORT ?? 3000)
/** How long open streams may go on after the stop signal. Keep it below stop_grace_period. */
const drainMs = Number(process.env.DRAIN_MS ?? 8000)
/** A proxy may still send requests on connections it has: they are answered for this long. */
const lingerMs = 2000

const headers = { 'x-release': facts.release, 'x-version': facts.version, 'x-container': facts.container }
const bodyMax = 1_000_000
const sockets = new Set()
const streams = new Set()
let draining = false

const answer = (response, status, type, body) =>
  response.writeHead(status, { 'content-type': type }).end(body)

const bodyOf = async (request) => {
  const parts = []
  let size = 0
  for await (const part of request) {
    size += part.length
    if (size <= bodyMax) parts.push(part)
  }
  return size <= bodyMax ? Buffer.concat(parts) : null
}

const routes = {
  'GET /': (_request, response) => answer(response, 200, 'text/html; charset=utf-8', page(facts)),
  'GET /style.css': (_request, response) => answer(response, 200, 'text/css; charset=utf-8', style),
  'GET /health': (_request, response) =>
    mode === 'never-healthy'
      ? answer(response, 503, 'text/plain', 'told never to be healthy\n')
      : answer(response, 200, 'text/plain', 'ok\n'),
  'GET /slow': async (_request, response, url) => {
    const ms = Math.min(Number(url.searchParams.get('ms') ?? 3000) || 0, 60_000)
    await sleep(ms)
    answer(response, 200, 'text/plain', `waited ${ms} ms\n`)
  },
  'POST /echo': async (request, response) => {
    // Read whole before the answer begins: HTTP/1.1 proxies don't carry both ways at once.
    const body = await bodyOf(request)
    const type = request.headers['content-type'] ?? 'application/octet-stream'
    if (body) answer(response, 200, type, body)
    else answer(response, 413, 'text/plain', `At most ${bodyMax} bytes.\n`)
  },
  'GET /events': (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    const tick = () => response.write(`data: ${JSON.stringify({ at: Date.now(), ...facts })}\n\n`)
    const timer = setInterval(tick, 500)
    tick()
    streams.add(response)
    response.on('close', () => {
      clearInterval(timer)
      streams.delete(response)
    })
  },
}

const server = createServer(async (request, response) => {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  if (draining) response.setHeader('connection', 'close')
  const url = new URL(request.url, 'http://hello')
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const route = routes[`${method} ${url.pathname}`]
  if (!route) return answer(response, 404, 'text/plain', 'There is nothing here.\n')
  try {
    await route(request, response, url)
  } catch {
    // The client went away in the middle of its request: nobody is left to answer.
    response.destroy()
  }
})
// Longer than the proxy keeps an idle connection, so that it is never we who close one in use.
server.keepAliveTimeout = 180_000

server.on('upgrade', (request, socket) => {
  if (request.url !== '/ws' || draining) return socket.end('HTTP/1.1 404 Not Found\r\n\r\n')
  const open = echoSocket(request, socket, headers)
  sockets.add(open)
  socket.on('close', () => sockets.delete(open))
})

/** Answers what is under way, then says goodbye to streams and sockets, then leaves. */
const drain = async () => {
  draining = true
  const deadline = sleep(drainMs)
  await sleep(Math.min(lingerMs, drainMs))
  const closed = new Promise((resolve) => server.close(resolve))
  await Promise.race([deadline, Promise.all([closed, whenEmpty()])])
  for (const open of sockets) open.close(1001)
  for (const response of streams) response.end()
  await Promise.race([sleep(4000), Promise.all([closed, whenEmpty()])])
  process.exit(0)
}

const whenEmpty = async () => {
  while (sockets.size + streams.size > 0) await sleep(50)
}

const onStop = {
  ignore: () => console.log('stop signal ignored, as told'),
  exit: () => process.exit(0),
}
process.on('SIGTERM', onStop[mode] ?? drain)
process.on('SIGINT', () => process.exit(0))

const crash = /^crash-after-(\d+)$/.exec(mode)
if (crash) {
  setTimeout(() => {
    console.error('crashing, as told')
    process.exit(3)
  }, Number(crash[1]))
}

server.listen(port, () =>
  console.log(`hello ${facts.version}, release ${facts.release}, mode ${mode}, on port ${port}`),
)
