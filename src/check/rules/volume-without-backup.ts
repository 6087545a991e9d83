import type { Project } from '../model.ts'
import { composePlace } from '../reading/places.ts'
import type { Rule } from '../rule.ts'

export const volumeWithoutBackup: Rule = {
  id: 'volume-without-backup',
  severity: 'advice',
  title: 'Nothing of a volume is backed up.',
  why: 'A volume is lost with the server’s disk, and with one wrong command.',
  fix: [
    'If a database keeps it, name that in zarpe.yml: databases: { main: { postgres: { service: db } } }',
    'If it holds files, name it itself: volumes: { uploads: {} }',
    'If it is backed up by other means, or holds nothing worth it: check: { off: { volume-without-backup: "how it is backed up, and when a restore was tried" } }',
  ],
  bad: {
    files: {
      'compose.yml': `services:
  db:
    image: postgres:17
    volumes: [data:/var/lib/postgresql/data]
volumes:
  data:
`,
    },
    at: ['compose.yml:6:3'],
  },
  good: {
    files: {
      'zarpe.yml': `app: shop
servers: { main: deploy@vps.example }
environments: { production: { servers: [main] } }
databases: { main: { postgres: { service: db } } }
volumes: { uploads: {} }
`,
      'compose.yml': `services:
  db:
    image: postgres:17
    volumes: [data:/var/lib/postgresql/data]
  web:
    image: shop:1.4
    volumes: [uploads:/uploads]
volumes:
  data:
  uploads:
`,
    },
  },
  find: (project) => {
    const services = Object.entries(project.compose?.services ?? {})
    return Object.keys(project.compose?.volumes ?? {}).flatMap((volume) => {
      const users = services
        .filter(([, each]) => each.volumes?.some(({ source }) => source === volume))
        .map(([name]) => name)
      const isCovered = isNamed(project, volume) || users.some((name) => isBackedUp(project, name))
      if (users.length === 0 || isCovered) return []
      const place = composePlace(project, ['volumes', volume])
      return [{ place, detail: `Volume "${volume}", used by ${users.join(', ')}.` }]
    })
  },
}

const isNamed = ({ config }: Project, volume: string) =>
  Object.entries(config.volumes).some(([name, each]) => (each.volume ?? name) === volume)

/** What a service keeps is in the backups of the database that it is. */
const isBackedUp = ({ config }: Project, service: string) =>
  Object.values(config.databases).some(
    ({ postgres, mysql, redis, rabbitmq }) =>
      mysql?.service === service ||
      redis?.service === service ||
      rabbitmq?.service === service ||
      (postgres && 'service' in postgres && postgres.service === service),
  )
