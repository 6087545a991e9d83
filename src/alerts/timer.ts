import { agentService, timer, type TimedUnit } from '../agent/units.ts'
import { everyMinutes } from './model.ts'

/** No project's name has a dot, so that none is the beginning of another's. */
const unitName = (project: string) => `zarpe-alerts-${project}.`

/** Whether a unit is of this project's alerts. */
export const isLookOf = (project: string, unit: string) =>
  unit === `${unitName(project)}timer` || unit === `${unitName(project)}service`

/** The timer that looks whether somebody is to be told something, with what it starts. */
export const lookUnits = (project: string): TimedUnit => {
  const description = `Look whether something of ${project} is wrong`
  return {
    timer: {
      name: `${unitName(project)}timer`,
      content: timer(description, ['OnActiveSec=30', `OnUnitInactiveSec=${everyMinutes}min`]),
    },
    service: {
      name: `${unitName(project)}service`,
      content: agentService(description, `look ${project}`, [
        '# That a look begins and ends is not worth a line each time.',
        'SyslogLevel=err',
        'LogLevelMax=notice',
        'TimeoutStartSec=5min',
      ]),
    },
  }
}
