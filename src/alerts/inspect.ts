import { readLedger } from './ledger.run.ts'
import { type Channel, type ObservedAlerts, unreadable } from './model.ts'
import { alertSettings } from './settings.run.ts'

/** Reads whom a server tells, and what it has told. Nothing secret is in it. */
export const inspectAlerts = async (project: string): Promise<ObservedAlerts> => {
  const [found, { places: _kept, ...ledger }] = await Promise.all([
    alertSettings.read(project),
    readLedger(project),
  ])
  const isLost = found === null && (await alertSettings.isThere(project))
  return {
    settings: found?.fingerprint ?? (isLost ? unreadable : null),
    channels: (found?.settings.channels ?? []).map((channel) => ({
      name: channel.name,
      kind: channel.kind,
      where: whereOf(channel),
    })),
    heartbeat: typeof found?.settings.heartbeat === 'string',
    ledger,
    now: new Date().toISOString(),
  }
}

/** For people; of a URL the host alone, since the rest of it is a secret. */
const whereOf = (channel: Channel): string =>
  channel.kind === 'mail'
    ? `${channel.to.join(', ')} by ${channel.smtp.host}`
    : new URL(channel.url).host
