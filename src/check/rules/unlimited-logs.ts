import { composePlace } from '../reading/places.ts'
import type { Rule } from '../rule.ts'

export const unlimitedLogs: Rule = {
  id: 'unlimited-logs',
  severity: 'warning',
  title: 'A service writes logs into a folder that nobody empties.',
  why: 'What an app prints goes to the server’s journal, which has a limit. Files that it writes grow until the disk is full, and then everything on the server stops.',
  fix: ['Let the app print its log (stdout), and remove the volume; `zarpe logs` shows it.'],
  bad: {
    files: {
      'compose.yml': `services:
  web:
    image: shop:1.4
    volumes:
      - data:/data
      - logs:/var/log/shop
volumes:
  data:
  logs:
`,
    },
    at: ['compose.yml:6:9'],
  },
  good: {
    files: {
      'compose.yml': `services:
  web:
    image: shop:1.4
    volumes:
      - data:/data/catalogs
volumes:
  data:
`,
    },
  },
  find: (project) =>
    Object.entries(project.compose?.services ?? {}).flatMap(([name, { volumes }]) =>
      (volumes ?? []).flatMap(({ type, target, read_only }, index) =>
        type !== 'tmpfs' && !read_only && /(^|\/)logs?(\/|$)/.test(target)
          ? [
              {
                place: composePlace(project, ['services', name, 'volumes', index], 'value'),
                detail: `Service "${name}" keeps ${target} on a ${type === 'bind' ? 'folder of the server' : 'volume'}.`,
              },
            ]
          : [],
      ),
    ),
}
