import { keyedFingerprint } from '../plan/fingerprint.ts'
import type { AlertSettings, Channel } from './model.ts'
import { heartbeatName } from './silence.ts'

/**
 * By channel, a fingerprint of where it leads. The URL of one is a secret and may be short, so nobody without the key can try out
 * which it is.
 */
export const placesOf = (
  { channels, heartbeat }: Pick<AlertSettings, 'channels' | 'heartbeat'>,
  key: string,
): Record<string, string> => ({
  ...Object.fromEntries(
    channels.map((channel) => [channel.name, keyedFingerprint(key, placeOf(channel))]),
  ),
  ...(heartbeat === null
    ? {}
    : { [heartbeatName]: keyedFingerprint(key, withoutLogin(heartbeat)) }),
})

/** Without a password: who is told is the same with another one. */
const placeOf = (channel: Channel) =>
  channel.kind === 'mail'
    ? [channel.to, channel.smtp.host, channel.smtp.port]
    : withoutLogin(channel.url)

const withoutLogin = (text: string): string => {
  const url = new URL(text)
  url.username = ''
  url.password = ''
  return url.href
}
