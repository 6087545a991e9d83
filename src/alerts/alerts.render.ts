import { type ObservedAlerts, type Standing, unreadable } from './model.ts'
import { minuteOf } from '../problem/minute.ts'
import { plainText } from '../problem/plain.ts'
import type { Paint } from '../cli/terminal.ts'
import { silenceOf } from './silence.ts'

/** Whom a server tells and what stands, as a person reads it. */
export const alertLines = (observed: ObservedAlerts, title: string, paint: Paint): string[] => {
  const { channels, heartbeat, ledger, settings } = observed
  if (settings === null)
    return [`${paint.bold(title)}  nobody is told: zarpe.yml names nobody under \`alerts\``]
  const lasting = ledger.standing.filter(({ seenAt }) => seenAt === ledger.lookedAt)
  const silence = silenceOf(observed)
  const isWell = lasting.length + silence.length === 0 && settings !== unreadable
  return [
    `${paint.bold(title)}  ${ledger.lookedAt ? `looked at ${minuteOf(ledger.lookedAt)} UTC` : 'not looked at yet'}`,
    ...channels.map(({ name, kind, where }) => `${name}: ${kind}, ${where}`),
    ...(heartbeat ? ['a heartbeat while nothing is wrong'] : []),
    ...lasting.map(
      (each) => `${paint.bad('✗')} ${plainText(each.text)} ${paint.dim(knownText(each))}`,
    ),
    ...silence.map(({ text }) => `${paint.bad('✗')} ${text}`),
    ...(isWell && ledger.lookedAt ? [`${paint.good('✓')} nothing is wrong`] : []),
  ]
}

const knownText = ({ since, told }: Standing) => {
  const names = Object.keys(told)
  return `since ${minuteOf(since)} UTC; ${names.length > 0 ? `told ${names.join(', ')}` : 'nobody was told yet'}`
}
