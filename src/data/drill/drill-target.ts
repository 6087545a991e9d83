import { Problem } from '../../problem/problem.ts'
import type { Observed } from '../../release/model.ts'
import { currentRelease } from '../../release/current.ts'

/** A server that was named for a drill. `own`: ids of the machines that are known to serve the product. */
export type DrillTarget = { target: string; machine: string; own: string[]; observed: Observed }

/**
 * A drill takes routes, alerts and timers off its server, and puts older data in place of what is there: never of a
 * product that serves. An earlier drill is known by its release, which was deployed without all of these.
 */
export const refuseLive = ({ target, machine, own, observed }: DrillTarget) => {
  const reasons = [
    ...(machine !== '' && own.includes(machine)
      ? ["its machine id is that of this environment's own server"]
      : []),
    ...servingReasons(observed),
  ]
  if (reasons.length === 0) return
  throw new Problem({
    code: 'data/drill-live',
    summary: 'A drill would replace a product that is live; nothing was done.',
    detail: `${target}: ${reasons.join('; ')}. A drill takes these away and restores older data over what is there.`,
    fix: [
      'Name a server that holds nothing of this product: zarpe backup drill --on <user@spare>',
      'zarpe backup drill    # on a server of the lab, which is removed afterwards',
    ],
  })
}

const servingReasons = (observed: Observed): string[] => {
  const release = currentRelease(observed)
  // A record that is lost tells nothing; what it was the record of may serve.
  if (!release)
    return observed.current === null ? [] : [`its release ${observed.current} has no record`]
  const { number, routes } = release
  const isTimed = observed.data.configured?.datasets.some(({ at }) => at.length > 0) ?? false
  return [
    ...(routes.length > 0 ? [`release ${number} answers on ${namesOf(routes)}`] : []),
    ...(isTimed ? ['its data is backed up by the clock'] : []),
    ...(observed.alerts.settings === null ? [] : ['it alerts somebody']),
  ]
}

const namesOf = (routes: { domain: string }[]) =>
  [...new Set(routes.map(({ domain }) => domain))].slice(0, 3).join(', ')

/** What is asked before the first act of a drill: what is on that server decides. */
export const drillQuestion = ({ target, observed }: DrillTarget, store: string): string => {
  const release = currentRelease(observed)
  const there = release
    ? `replaces release ${release.number} of ${observed.project} there, with its data,`
    : 'starts the product there'
  return `The drill ${there} and restores what ${store} has. Do this on ${target}?`
}
