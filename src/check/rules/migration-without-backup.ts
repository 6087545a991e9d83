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
  why: 'A rollback brings back the old program but not the old data: what a migration has dropped is gone. Zarpe takes no backups yet.',
  fix: [
    'Take a dump by your own means before a deploy that migrates.',
    'Then, in zarpe.yml: check: { off: { migration-without-backup: "what takes the dump" } }',
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
      'zarpe.yml': shop(''),
      'compose.yml': `services:
  web:
    image: shop:1.4
`,
    },
  },
  find: ({ config, configFile }) =>
    config.release.migrate
      ? [
          {
            place: configFile.placeOf(['release', 'migrate'], 'key'),
            detail: `Before each release that changes the image of "${config.release.migrate.service}".`,
          },
        ]
      : [],
}
