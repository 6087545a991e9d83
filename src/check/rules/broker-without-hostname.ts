import { dataFoldersOf, keeps } from '../reading/databases.ts'
import { composePlace } from '../reading/places.ts'
import type { Rule } from '../rule.ts'

export const brokerWithoutHostname: Rule = {
  id: 'broker-without-hostname',
  severity: 'error',
  title: 'A RabbitMQ forgets everything with its container.',
  why: 'It keeps its data in a folder of its host’s name, and each new container has another name: the volume is there, and the queues and messages of before are not used.',
  fix: ['hostname: mq    # any name that stays'],
  bad: {
    files: {
      'compose.yml': `services:
  mq:
    image: rabbitmq:4
    volumes: [broker:/var/lib/rabbitmq]
volumes:
  broker:
`,
    },
    at: ['compose.yml:2:3'],
  },
  good: {
    files: {
      'compose.yml': `services:
  mq:
    image: rabbitmq:4
    hostname: mq
    volumes: [broker:/var/lib/rabbitmq]
  other:
    image: rabbitmq:4
    environment: { RABBITMQ_NODENAME: rabbit@localhost }
    volumes: [other:/var/lib/rabbitmq]
volumes:
  broker:
  other:
`,
    },
  },
  find: (project) =>
    Object.entries(project.compose?.services ?? {}).flatMap(([name, service]) => {
      const isNamed = service.hostname ?? service.environment?.['RABBITMQ_NODENAME']
      if (isNamed || !isRabbitmq(service.image)) return []
      const [folder] = dataFoldersOf(service) ?? []
      // Without a volume it is a matter of `database-without-volume`.
      const isKept = (service.volumes ?? []).some(({ target }) => folder && keeps(target, folder))
      if (!isKept) return []
      return [
        {
          place: composePlace(project, ['services', name]),
          detail: `Service "${name}" (${service.image}) has no \`hostname\`.`,
          fix: [`hostname: ${name}    # at \`services.${name}\``],
        },
      ]
    }),
}

const isRabbitmq = (image = '') => /(^|\/)rabbitmq(:|@|$)/.test(image)
