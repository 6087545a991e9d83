import { inspectAlerts } from '../alerts/inspect.ts'
import { inspectAlertsMethod, testAlerts } from '../alerts/methods.ts'
import { runTest } from '../alerts/test.run.ts'
import type { Engine } from '../io/engine/engine.ts'
import type { Wire } from '../io/wire/wire.ts'
import { inspectFingerprints, inspectGiven } from '../contract/given/given.inspect.ts'
import { fingerprintEnvironment, readEnvironment } from '../contract/methods.ts'
import { extract } from '../data/extract/extract.run.ts'
import { headerFrom, lookInto } from '../data/catalogue/find.run.ts'
import { inspectData, namesFor, readManifest, weigh } from '../data/catalogue/inspect.ts'
import { disclosed } from '../data/backup/manifest.ts'
import {
  extractMethod,
  inspectDataMethod,
  lookIntoStore,
  readHeader,
  readManifestMethod,
  restoreNames,
  weighRestore,
} from '../data/methods.ts'
import { runConsole } from '../console/console.run.ts'
import { openConsole } from '../console/methods.ts'
import { sendLogs } from '../observe/logs/logs.inspect.ts'
import { readLogs } from '../observe/logs/methods.ts'
import { inspectStatus } from '../observe/status/inspect.ts'
import { readStatus } from '../observe/status/methods.ts'
import { inspect } from '../release/inspect.ts'
import { buildDoors } from '../release/build/door.run.ts'
import { closeBuild, inspectProject, openBuild } from '../release/methods.ts'
import { inspectBelongingsMethod, inspectServerMethod } from '../server/methods.ts'
import { inspectServer } from '../server/facts/inspect.ts'
import { inspectBelongings } from '../server/uninstall/inspect.ts'
import { busyCounter } from './busy.ts'
import { executePlan, runNotice, upgradeAgent } from './methods.ts'
import { runPlan } from './run.ts'
import { upgrade } from './upgrade.run.ts'

/** The one table of what the agent answers. Runs are counted: the agent outlives its caller for them. */
export const answerAll = (wire: Wire, engine: Engine) => {
  const busy = busyCounter()
  const doors = buildDoors()
  wire.answer(inspectProject, (params) => inspect(engine, params))
  wire.answer(inspectServerMethod, () => inspectServer())
  wire.answer(inspectBelongingsMethod, () => inspectBelongings(engine))
  wire.answer(inspectDataMethod, ({ project }) => inspectData(project))
  wire.answer(inspectAlertsMethod, ({ project }) => inspectAlerts(project))
  wire.answer(testAlerts, ({ project }) => busy.during(() => runTest(project)))
  wire.answer(readManifestMethod, async ({ project, id }) =>
    disclosed(await readManifest(project, id)),
  )
  wire.answer(restoreNames, ({ project, id }) => namesFor(project, id))
  wire.answer(lookIntoStore, ({ project, store }) => lookInto(project, store))
  wire.answer(readHeader, ({ project, store, id }) => headerFrom(project, store, id))
  wire.answer(weighRestore, ({ project, id }) => weigh(engine, project, id))
  wire.answer(extractMethod, (params, signal) =>
    busy.during(() => extract(engine, wire, params, signal)),
  )
  wire.answer(executePlan, (params) =>
    busy.during(() => runPlan(engine, (notice) => wire.tell(runNotice, notice), params)),
  )
  wire.answer(readStatus, ({ project }) => inspectStatus(engine, project))
  wire.answer(fingerprintEnvironment, (params) => inspectFingerprints(engine, params))
  wire.answer(readEnvironment, ({ project }) => inspectGiven(engine, project))
  wire.answer(readLogs, (query, signal) => sendLogs(wire, query, signal))
  wire.answer(openConsole, (params) => runConsole(engine, wire, params))
  wire.answer(openBuild, ({ socket }) => doors.open(socket))
  wire.answer(closeBuild, () => doors.close())
  wire.answer(upgradeAgent, async ({ build, program }) => {
    await busy.during(() => upgrade(build, program))
    return null
  })
  return { idle: busy.idle, end: doors.close }
}
