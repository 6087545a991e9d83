import { dataFoldersOf, keeps } from '../reading/databases.ts'
import { composePlace } from '../reading/places.ts'
import type { Rule } from '../rule.ts'

export const databaseWithoutVolume: Rule = {
  id: 'database-without-volume',
  severity: 'error',
  title: 'A database keeps its data in its container.',
  why: 'The next release of it makes a new container, and the data is gone with the old one.',
  fix: ['volumes: [data:/var/lib/postgresql/data]    # and `data:` under `volumes:` at the top'],
  bad: {
    files: {
      'compose.yml': `services:
  db:
    image: postgres:17
`,
    },
    at: ['compose.yml:2:3'],
  },
  good: {
    files: {
      'compose.yml': `services:
  db:
    image: postgres:17
    volumes: [data:/var/lib/postgresql/data]
  cache:
    image: redis:8
volumes:
  data:
`,
    },
  },
  find: (project) =>
    Object.entries(project.compose?.services ?? {}).flatMap(([name, service]) => {
      const folders = dataFoldersOf(service)
      const kept = (service.volumes ?? []).filter(({ type }) => type !== 'tmpfs')
      if (!folders || kept.some(({ target }) => folders.some((each) => keeps(target, each))))
        return []
      return [
        {
          place: composePlace(project, ['services', name]),
          detail: `Service "${name}" (${service.image}) has no volume at ${folders[0]}.`,
          fix: [
            `volumes: [${name}-data:${folders[0]}]    # at \`services.${name}\``,
            `volumes: { ${name}-data: }    # at the top of the file`,
          ],
        },
      ]
    }),
}
