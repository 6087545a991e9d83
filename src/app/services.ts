import type { ProblemData } from '../problem/problem.ts'
import type { Located } from '../config/places.ts'
import { at } from '../compose/merged.ts'
import type { ComposeProject } from '../compose/model.ts'
import {
  migrationName,
  numberMax,
  releasedName,
  serviceNameMax,
  statefulName,
} from '../release/names.ts'
import { valueBytesMax } from './limits.ts'
import type { Service } from './model.ts'

/** What is wrong with a service once everything about it is known. */
export const serviceProblems = (
  project: string,
  service: Service,
  files: Located[],
): ProblemData[] =>
  [
    ...nameProblems(project, service),
    ...environmentProblems(service),
    ...bindProblems(service),
    ...imageProblems(service),
  ].map(([problem, ...inner]) => at(files, ['services', service.name, ...inner], problem))

/** Variables that a service names without a value and the environment does not have either. */
export const unsetNotes = (compose: ComposeProject): string[] =>
  Object.entries(compose.services).flatMap(([service, { environment }]) =>
    Object.entries(environment ?? {})
      .filter(([, value]) => value === null)
      .map(([name]) => `${service} gets no ${name}: it has no value in this environment`),
  )

/** A problem, and where below its service it stands. */
type Found = [problem: ProblemData, ...inner: string[]]

const problem = (
  service: Service,
  code: string,
  summary: string,
  detail: string,
  fix: string,
): ProblemData => ({
  code,
  summary,
  detail: `Service "${service.name}": ${detail}.`,
  fix: [fix],
})

/** The name becomes part of a Swarm service's and of a DNS name. */
const nameProblems = (project: string, service: Service): Found[] => {
  if (!/^[a-z0-9]([a-z0-9_-]{0,30}[a-z0-9])?$/i.test(service.name)) return [[badName(service)]]
  const whole = service.stateful
    ? statefulName(project, service.name)
    : releasedName(project, service.name, numberMax)
  const over = whole.length - serviceNameMax
  return over > 0 ? [[longName(service, whole, over)]] : []
}

const badName = (service: Service) =>
  problem(
    service,
    'compose/bad-name',
    'A service has a name that cannot be a host name.',
    'names must be letters, digits, hyphens and underscores, 32 at most',
    'Rename the service in the Compose file.',
  )

const longName = (service: Service, whole: string, over: number) =>
  problem(
    service,
    'compose/long-name',
    'App, environment and service have too long a name together.',
    `on the server it would be ${whole}, ${whole.length} characters; the engine takes ${serviceNameMax}`,
    `Make the name of the app, of the environment or of the service ${over} characters shorter.`,
  )

/** The migration has a name on the server too, in which nothing but the project's can be shorter. */
export const migrationProblems = (project: string, located: Located): ProblemData[] => {
  const whole = migrationName(project, numberMax)
  const over = whole.length - serviceNameMax
  if (over <= 0) return []
  return [
    {
      code: 'config/long-name',
      summary: 'App and environment have too long a name for a migration.',
      detail: `On the server it would be ${whole}, ${whole.length} characters; the engine takes ${serviceNameMax}.`,
      place: located.placeOf(['release', 'migrate'], 'key'),
      fix: [`Make the name of the app or of the environment ${over} characters shorter.`],
    },
  ]
}

const environmentProblems = (service: Service): Found[] =>
  Object.entries(service.container.environment).flatMap(([name, value]): Found[] => {
    const bytes = Buffer.byteLength(`${name}=${value}`)
    if (name === '' || /[=\0]/.test(name) || value.includes('\0'))
      return [
        [
          problem(
            service,
            'environment/nul',
            'A variable cannot be passed to a program.',
            `\`${name}\` holds a byte that an environment variable cannot hold`,
            'Encode the value, for example as base64.',
          ),
          ...['environment', name],
        ],
      ]
    if (bytes <= valueBytesMax) return []
    return [
      [
        problem(
          service,
          'environment/too-long',
          'A value is too long for an environment variable.',
          `\`${name}\` has ${bytes} bytes; Linux starts no program with more than ${valueBytesMax}`,
          'Put it into a file that the app reads.',
        ),
        ...['environment', name],
      ],
    ]
  })

const bindProblems = (service: Service): Found[] =>
  service.container.mounts
    .filter((mount) => mount.Type === 'bind')
    .filter(({ Source = '' }) => !/^\/[^\0]*$/.test(Source) || Source.includes('{{'))
    .map(({ Source, Target }) => [
      problem(
        service,
        'compose/bad-bind',
        'A bind mount has an impossible path.',
        `${JSON.stringify(Source)} at ${Target} is no whole path on the server`,
        'Write the whole path, beginning with /.',
      ),
      'volumes',
    ])

const imageProblems = (service: Service): Found[] =>
  service.image.from === 'registry' &&
  !/^(?!.*\.\.)[a-z0-9][A-Za-z0-9._/:@-]*$/.test(service.image.reference)
    ? [
        [
          problem(
            service,
            'compose/bad-image',
            'A service has no usable image.',
            `${JSON.stringify(service.image.reference)} is no image name`,
            'Write `image: name:tag` or `build: .` in the Compose file.',
          ),
          'image',
        ],
      ]
    : []
