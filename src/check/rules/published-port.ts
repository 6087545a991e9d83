import { composePlace } from '../reading/places.ts'
import type { Rule } from '../rule.ts'

export const publishedPort: Rule = {
  id: 'published-port',
  severity: 'advice',
  title: 'The Compose file publishes a port to the whole world.',
  why: 'Zarpe does not: only its edge publishes 80 and 443. But `docker compose up` on a server opens the port past ufw, whose rules Docker goes around.',
  fix: [
    'Bind it to this machine, for development: ports: ["127.0.0.1:<port>:<port>"]',
    'For visitors, write a route in zarpe.yml instead.',
  ],
  bad: {
    files: {
      'compose.yml': `services:
  web:
    image: shop:1.4
    ports: ["127.0.0.1:3000:3000", "5432:5432"]
`,
    },
    at: ['compose.yml:4:36'],
  },
  good: {
    files: {
      'compose.yml': `services:
  web:
    image: shop:1.4
    ports: ["127.0.0.1:3000:3000"]
    expose: ["8000"]
`,
    },
  },
  find: (project) =>
    Object.entries(project.compose?.services ?? {}).flatMap(([name, { ports }]) =>
      (ports ?? []).flatMap((port, index) =>
        /^(127\.|::1$|\[::1\]$)/.test(port.host_ip ?? '')
          ? []
          : [
              {
                place: composePlace(project, ['services', name, 'ports', index], 'value'),
                detail: `Service "${name}": port ${port.published ?? port.target}.`,
              },
            ],
      ),
    ),
}
