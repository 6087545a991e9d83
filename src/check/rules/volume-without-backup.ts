import { composePlace } from '../places.ts'
import type { Rule } from '../rule.ts'

export const volumeWithoutBackup: Rule = {
  id: 'volume-without-backup',
  severity: 'advice',
  title: 'Zarpe takes no backup of a volume.',
  why: 'It takes none at all yet. A volume is lost with the server’s disk, and with one wrong command.',
  fix: [
    'Back it up by your own means to another place, and try a restore.',
    'Then, in zarpe.yml: check: { off: { volume-without-backup: "how it is backed up, and when a restore was tried" } }',
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
check: { off: { volume-without-backup: "dumped nightly, restore tried in May" } }
`,
      'compose.yml': `services:
  db:
    image: postgres:17
    volumes: [data:/var/lib/postgresql/data]
volumes:
  data:
`,
    },
  },
  find: (project) => {
    const services = Object.entries(project.compose?.services ?? {})
    return Object.keys(project.compose?.volumes ?? {}).flatMap((volume) => {
      const users = services
        .filter(([, each]) => each.volumes?.some(({ source }) => source === volume))
        .map(([name]) => name)
      if (users.length === 0) return []
      const place = composePlace(project, ['volumes', volume])
      return [{ place, detail: `Volume "${volume}", used by ${users.join(', ')}.` }]
    })
  },
}
