import type { Rule } from '../rule.ts'

const shop = (more: string) =>
  `app: shop
servers: { main: deploy@vps.example }
environments: { production: { servers: [main] } }
databases: { main: { postgres: { service: db } } }
${more}`

const compose = `services:
  db:
    image: postgres:17
`

export const backupWithoutAlert: Rule = {
  id: 'backup-without-alert',
  severity: 'advice',
  title: 'Nobody is told when a backup fails.',
  why: 'Backups by the clock fail when nobody looks: a full disk, a store whose password has changed. `zarpe status` says so, but only to whoever asks.',
  fix: [
    'Name somebody in zarpe.yml: alerts: { to: { team: { slack: ALERTS_URL } } }',
    'zarpe env set ALERTS_URL',
    'If something else asks `zarpe status`: check: { off: { backup-without-alert: "what asks, and how often" } }',
  ],
  bad: {
    files: { 'zarpe.yml': shop(''), 'compose.yml': compose },
    at: ['zarpe.yml:4:1'],
  },
  good: {
    files: {
      'zarpe.yml': shop('alerts: { to: { team: { slack: ALERTS_URL } } }\n'),
      'compose.yml': compose,
      '.env.production': 'ALERTS_URL=https://hooks.example/shop\n',
    },
  },
  find: ({ config, configFile }) => {
    const { databases, volumes, backups, alerts } = config
    const isTimed = ({ at }: { at: string | string[] }) => [at].flat().length > 0
    const timed = (all: Record<string, { backup: { at: string | string[] } }>) =>
      Object.keys(all).filter((name) => isTimed(all[name]!.backup))
    const own = backups.configuration && isTimed(backups.configuration) ? ['configuration'] : []
    const found = { databases: timed(databases), volumes: timed(volumes), backups: own }
    const key = (['databases', 'volumes', 'backups'] as const).find(
      (each) => found[each].length > 0,
    )
    if (!key || Object.keys(alerts.to).length > 0 || alerts.heartbeat !== undefined) return []
    const names = Object.values(found).flat()
    return [
      {
        place: configFile.placeOf([key], 'key'),
        detail: `Backups are taken of ${names.join(', ')}.`,
      },
    ]
  },
}
