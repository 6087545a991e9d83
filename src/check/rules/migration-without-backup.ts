import type { Rule } from '../rule.ts'

const shop = (more: string) =>
  `app: shop
servers: { main: deploy@vps.example }
environments: { production: { servers: [main] } }
${more}`

export const migrationWithoutBackup: Rule = {
  id: 'migration-without-backup',
  severity: 'advice',
  title: 'A migration runs without a backup before it.',
  why: 'A rollback brings back the old program but not the old data: what a migration has dropped is gone. With `databases` in zarpe.yml a proven backup comes before each.',
  fix: [
    'Name the database in zarpe.yml: databases: { main: { postgres: { service: db } } }',
    'If something else takes the dump: check: { off: { migration-without-backup: "what does" } }',
  ],
  bad: {
    files: {
      'zarpe.yml': shop(`release: { migrate: { service: web, command: migrate } }
`),
      'compose.yml': `services:
  web:
    image: shop:1.4
`,
    },
    at: ['zarpe.yml:4:12'],
  },
  good: {
    files: {
      'zarpe.yml': shop(`release: { migrate: { service: web, command: migrate } }
databases: { main: { postgres: { service: db } } }
`),
      'compose.yml': `services:
  web:
    image: shop:1.4
  db:
    image: postgres:17
`,
    },
  },
  find: ({ config, configFile }) =>
    config.release.migrate && Object.keys(config.databases).length === 0
      ? [
          {
            place: configFile.placeOf(['release', 'migrate'], 'key'),
            detail: `Before each release that changes the image of "${config.release.migrate.service}".`,
          },
        ]
      : [],
}
