import { askHttps, type NoReply, type Reply } from '../io/caddy/ask.ts'
import type { Engine } from '../io/engine/engine.ts'
import type { RunContext } from '../plan/runner.ts'
import { label } from '../release/model.ts'
import { lastRefusal } from './acme.ts'
import { settingsFor } from './authority.ts'
import { probeHeader, upstreamHeader } from './caddy/render.ts'
import { probeToken, readApps } from './files.run.ts'
import { lastLines } from './logs.run.ts'
import type { Route } from './model.ts'
import type { EdgePlace } from './place.ts'
import * as problems from './problems.ts'
import type { EdgeSteps } from './steps.ts'

const askLimitMs = 8_000
const pauseMs = 200
const longPauseMs = 500
/**
 * Answers that are asked for at once, for each route. All of so many must come from nobody else; of so many one will come from
 * the new tasks, beside old ones that are asked too.
 */
const exclusiveAnswers = 10
const sharedAnswers = 4

type Verdict =
  | { proven: true }
  | { proven: false; why: NoReply['failed'] | 'unreachable' | 'somebody-else'; text: string }

/**
 * Asks the edge, as a browser would, until it says that the right containers answer each route.
 * When that does not come about within the step's limit, the reason seen last is the problem.
 */
export const runProve = async (
  place: EdgePlace,
  params: EdgeSteps['edge.prove'],
  context: RunContext,
): Promise<void> => {
  const { signal, sleep, now } = context
  const startedAt = now()
  const told = new Set<string>()
  for (const route of params.routes) {
    for (;;) {
      const last = await verdictOn(route, place, params, context)
      if (last.proven) break
      if (signal.aborted) throw await problemOf(route, last, startedAt, place, context.engine)
      const text = `${name(route)}: ${await waitingText(route, last, startedAt, place, context)}`
      if (!told.has(text)) context.note(text)
      told.add(text)
      // A certificate that has not come at once takes its time, and the reasons are read each time.
      const isLong = last.why === 'handshake' && now() - startedAt >= certificateMs
      await sleep(isLong ? longPauseMs : pauseMs)
    }
  }
}

/** How long a certificate may take before anybody asks why. */
const certificateMs = 5_000

/** What is waited for. A handshake fails for as long as there is no certificate, in words that say nothing of it. */
const waitingText = async (
  { domain }: Route,
  { why, text }: Extract<Verdict, { proven: false }>,
  startedAt: number,
  place: EdgePlace,
  { engine, now }: RunContext,
): Promise<string> => {
  if (why !== 'handshake') return text
  if (now() - startedAt < certificateMs) return 'no certificate yet'
  const lines = await lastLines(engine, place.container, Math.floor(startedAt / 1000) - 60)
  const reason = lastRefusal(lines, domain)?.reason
  return reason === undefined ? 'no certificate yet' : `no certificate yet: ${reason}`
}

const name = (route: Route) => `https://${route.domain}${route.path}`

const verdictOn = async (
  route: Route,
  place: EdgePlace,
  params: EdgeSteps['edge.prove'],
  { engine }: RunContext,
): Promise<Verdict> => {
  const settings = settingsFor(await readApps(place.folder), route.domain)
  const question = {
    address: place.address,
    port: place.httpsPort,
    domain: route.domain,
    path: route.path,
    headers: { [probeHeader]: await probeToken(place.folder), 'user-agent': 'zarpe-prove' },
    roots: settings.acmeRoot ?? null,
    limitMs: askLimitMs,
  }
  const count = params.exclusive ? exclusiveAnswers : sharedAnswers
  const replies = await Promise.all(Array.from({ length: count }, () => askHttps(question)))
  // Read after the answers: a task that has just begun is known by then.
  const holders = await addressesOf(engine, params.project)
  const verdicts = replies.map((reply) => verdictFrom(reply, holders, params))
  const doubt = verdicts.find(({ proven }) => !proven)
  const isProven =
    doubt === undefined || (!params.exclusive && verdicts.some(({ proven }) => proven))
  return isProven ? { proven: true } : doubt
}

const verdictFrom = (
  reply: Reply | NoReply,
  holders: Map<string, string>,
  params: EdgeSteps['edge.prove'],
): Verdict => {
  if ('failed' in reply) return { proven: false, why: reply.failed, text: reply.text }
  const address = answererOf(reply)
  if (!address) return unanswered(reply)
  const holder = holders.get(address)
  if (holder && params.expect.includes(holder)) return { proven: true }
  const who = holder ?? `${address}, which belongs to no service of ${params.project}`
  const text = `answered by ${who}; expected ${params.expect.join(' or ')}`
  return { proven: false, why: 'somebody-else', text }
}

const answererOf = (reply: Reply): string | null => {
  const header = reply.headers[upstreamHeader]
  return typeof header === 'string' ? header.replace(/:\d+$/, '') || null : null
}

const unanswered = (reply: Reply): Verdict => ({
  proven: false,
  why: 'unreachable',
  text:
    reply.status === 404
      ? 'the edge has no such route'
      : `the edge answered ${reply.status} by itself: nobody behind it could be reached`,
})

/** Address in the project's network -> Swarm service, for all its tasks that run. */
const addressesOf = async (engine: Engine, project: string): Promise<Map<string, string>> => {
  const services = await engine.services.list({ label: [`${label.project}=${project}`] })
  if (services.length === 0) return new Map()
  const tasks = await engine.services.tasks({ service: services.map((each) => each.ID) })
  const names = new Map(services.map((each) => [each.ID, each.Spec.Name]))
  return new Map(
    tasks
      .filter((task) => task.Status.State === 'running')
      .flatMap((task) =>
        (task.NetworksAttachments ?? [])
          .filter((each) => each.Network.Spec.Name === project)
          .flatMap((each) => each.Addresses ?? [])
          .map((address) => [address.replace(/\/\d+$/, ''), names.get(task.ServiceID) ?? '?']),
      ),
  )
}

const problemOf = async (
  route: Route,
  verdict: Exclude<Verdict, { proven: true }>,
  startedAt: number,
  place: EdgePlace,
  engine: Engine,
) => {
  const lines = await lastLines(engine, place.container, Math.floor(startedAt / 1000) - 60)
  const evidence = lines.filter((line) => /"level":"(?:error|warn)"/.test(line)).slice(-6)
  switch (verdict.why) {
    case 'certificate':
      return problems.certificateUntrusted(route.domain, verdict.text)
    case 'handshake': {
      const refusal = lastRefusal(lines, route.domain)
      return problems.noCertificate(route.domain, refusal?.reason ?? null, evidence)
    }
    case 'connection':
      return problems.notRunning(`${name(route)}: ${verdict.text}`, evidence)
    case 'unreachable':
      return problems.unreachable(name(route), verdict.text, evidence)
    case 'somebody-else':
      return problems.wrongAnswer(name(route), verdict.text)
  }
}
