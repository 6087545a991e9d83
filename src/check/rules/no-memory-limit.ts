import { composePlace } from '../reading/places.ts'
import type { Rule } from '../rule.ts'

export const noMemoryLimit: Rule = {
  id: 'no-memory-limit',
  severity: 'warning',
  title: 'A service may take all the memory of the server.',
  why: 'When one leaks, Linux ends whichever program it likes, often the database, and every app of the server suffers.',
  fix: [
    'deploy: { resources: { limits: { memory: 512M } } }    # twice of what it uses: zarpe status',
  ],
  bad: {
    files: {
      'compose.yml': `services:
  web:
    image: shop:1.4
`,
    },
    at: ['compose.yml:2:3'],
  },
  good: {
    files: {
      'compose.yml': `services:
  web:
    image: shop:1.4
    deploy: { resources: { limits: { memory: 512M } } }
  worker:
    image: shop:1.4
    mem_limit: 256m
`,
    },
  },
  find: (project) =>
    Object.entries(project.compose?.services ?? {})
      .filter(([, each]) => !each.mem_limit && !each.deploy?.resources?.limits?.memory)
      .map(([name]) => ({
        place: composePlace(project, ['services', name]),
        detail: `Service "${name}" has no limit.`,
      })),
}
