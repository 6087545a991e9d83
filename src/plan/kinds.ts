import type { AlertSteps } from '../alerts/steps.ts'
import type { DataSteps } from '../data/steps.ts'
import type { EdgeSteps } from '../edge/steps.ts'
import type { ReleaseSteps } from '../release/steps.ts'
import type { ServerSteps } from '../server/steps.ts'
import type { Step } from './step.ts'

/** Every kind of step there is, with its parameters. A kind without a runner does not compile. */
export type StepParams = ReleaseSteps & EdgeSteps & DataSteps & AlertSteps & ServerSteps

export type StepKind = keyof StepParams

/** A step of any kind, told apart by `kind`. */
export type AnyStep = { [Kind in StepKind]: Step<Kind, StepParams[Kind]> }[StepKind]
