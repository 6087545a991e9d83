import { ownBuild } from '../../agent/build.ts'
import type { App } from '../../app/model.ts'
import { addressesOf, issuersOf } from '../../io/host/network/names.ts'
import { reach } from '../../io/host/network/reach.ts'
import { connectAgent } from '../../io/ssh/connect.ts'
import { hostnameOf } from '../../io/ssh/hostname.ts'
import { parseTarget, type SshTarget } from '../../io/ssh/target.ts'
import { type ProblemData, problemsOf } from '../../problem/problem.ts'
import { outsideAddresses } from '../../server/facts/outside.ts'
import { inspectServerMethod } from '../../server/methods.ts'
import type { Facts } from '../../server/model.ts'
import type { Project } from '../model.ts'
import type { Remote } from './model.ts'

export type LoadedRemote = { remote: Remote; problems: ProblemData[]; notes: string[] }

/**
 * Looks at the server of an environment and at what leads to it; changes nothing, the agent neither.
 * What cannot be asked is a problem, and the rest is looked at all the same.
 */
export const loadRemote = async (
  { config, configFile, environment }: Project,
  app: App | null,
  otherTarget: string | undefined,
): Promise<LoadedRemote> => {
  const server = config.environments[environment]!.servers[0]!
  const text = otherTarget ?? config.servers[server]!
  const target = parseTarget(text)
  const host = await hostnameOf(target)
  const domains = Object.keys(config.environments[environment]!.routes)
  const [named, asked, ports, led] = await Promise.all([
    addressesOf(host),
    askAgent(target),
    Promise.all([80, 443].map(async (port) => ({ port, reach: await reach(host, port) }))),
    Promise.all(
      domains.map(async (domain) => ({
        domain,
        place: configFile.placeOf(['environments', environment, 'routes', domain], 'key'),
        addresses: await addressesOf(domain),
        issuers: await issuersOf(domain),
      })),
    ),
  ])
  const own = asked.facts ? outsideAddresses(asked.facts) : []
  return {
    problems: asked.problems,
    notes: asked.notes,
    remote: {
      environment,
      server,
      target: text,
      place: configFile.placeOf(['servers', server]),
      addresses: [...new Set([...(named ?? []), ...own])],
      domains: led,
      // A machine that does not let us in at all says nothing by its silence on other ports.
      ports: asked.facts ? ports : [],
      ownAuthority: config.edge.acme !== undefined,
      facts: asked.facts,
      app,
    },
  }
}

type Asked = { facts: Facts | null; problems: ProblemData[]; notes: string[] }

const askAgent = async (target: SshTarget): Promise<Asked> => {
  try {
    const connection = await connectAgent(target)
    try {
      const facts = await connection.wire.call(inspectServerMethod, null)
      const isOwn = connection.greeting.build === (await ownBuild())
      const note = `the agent on ${target.text} is another build; the next command that acts on the server replaces it`
      return { facts, problems: [], notes: isOwn ? [] : [note] }
    } finally {
      await connection.close()
    }
  } catch (thrown) {
    const problems = problemsOf(thrown)
    if (problems.length === 0) throw thrown
    return { facts: null, problems, notes: [] }
  }
}
