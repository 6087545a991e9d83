import type { Runners } from '../plan/runner.ts'
import { runConfigure } from './configure.run.ts'
import { runAttach, runDetach } from './network.run.ts'
import { type EdgePlace, standardPlace } from './place.ts'
import { runProve } from './prove.run.ts'
import { runStart } from './start.run.ts'
import type { EdgeSteps } from './steps.ts'

/** The edge's runners for an edge at a given place. */
export const edgeRunnersAt = (place: EdgePlace): Pick<Runners, keyof EdgeSteps> => ({
  'edge.start': (params, context) => runStart(place, params, context),
  'edge.attach': (params, context) => runAttach(place, params, context),
  'edge.detach': (params, context) => runDetach(place, params, context),
  'edge.configure': (params, context) => runConfigure(place, params, context),
  'edge.prove': (params, context) => runProve(place, params, context),
})

export const edgeRunners = edgeRunnersAt(standardPlace)
