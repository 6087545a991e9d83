import type { Service } from '../../app/model.ts'
import { Problem } from '../../problem/problem.ts'

export const notBuilt = (service: Service, output: string, timedOut: boolean) =>
  new Problem({
    code: 'image/not-built',
    summary: 'An image could not be built; nothing was released.',
    detail: timedOut
      ? `The build of "${service.name}" did not end within an hour.`
      : `The build of "${service.name}" failed.`,
    fix: [`docker compose build ${service.name}`],
    evidence: output
      .split('\n')
      .filter((line) => line.trim())
      .slice(-15),
  })

export const notPushed = (service: Service, output: string) =>
  new Problem({
    code: 'image/not-packed',
    summary: 'An image could not be made ready for release.',
    detail: `docker could not push the image of "${service.name}" to the registry beside its engine.`,
    fix: ['docker info', 'Is there enough free disk on the machine that builds?'],
    evidence: output.split('\n').filter(Boolean).slice(-6),
  })
