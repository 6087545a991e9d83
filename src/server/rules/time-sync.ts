import { missingPackages, type Rule, wantedUnit } from './rule.ts'

const others = ['chrony', 'ntp', 'ntpsec', 'openntpd']

/** A right clock: certificates, logs and backups depend on it. */
export const timeSync: Rule = {
  id: 'time-sync',
  why: 'a right clock, on which certificates and backups depend',
  wanted: (facts) => {
    if (facts.isContainer || others.some((name) => facts.packages.includes(name))) return []
    return [
      ...missingPackages(facts, ['systemd-timesyncd'], timeSync.why),
      ...wantedUnit(facts, 'systemd-timesyncd.service', timeSync.why),
    ]
  },
  notes: (facts) =>
    facts.isContainer ? ['time sync is left to the host: this server is a container'] : [],
}
