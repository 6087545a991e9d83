import type { ObservedAlerts, Standing } from './model.ts'
import { silenceOf } from './silence.ts'

type Paint = {
  good: (text: string) => string
  bad: (text: string) => string
  dim: (text: string) => string
  bold: (text: string) => string
}

const minute = (at: string) => `${at.slice(0, 16).replace('T', ' ')} UTC`

/** Whom a server tells and what stands, as a person reads it. */
export const alertLines = (observed: ObservedAlerts, title: string, paint: Paint): string[] => {
  const { channels, heartbeat, ledger } = observed
  if (observed.settings === null)
    return [`${paint.bold(title)}  nobody is told: zarpe.yml names nobody under \`alerts\``]
  const lasting = ledger.standing.filter(({ seenAt }) => seenAt === ledger.lookedAt)
  return [
    `${paint.bold(title)}  ${ledger.lookedAt ? `looked at ${minute(ledger.lookedAt)}` : 'not looked at yet'}`,
    ...channels.map(({ name, kind, where }) => `${name}: ${kind}, ${where}`),
    ...(heartbeat ? ['a heartbeat while nothing is wrong'] : []),
    ...lasting.map((each) => `${paint.bad('✗')} ${each.text} ${paint.dim(knownText(each))}`),
    ...silenceOf(observed, ledger.lookedAt ?? '').map(({ text }) => `${paint.bad('✗')} ${text}`),
    ...(lasting.length === 0 && ledger.lookedAt ? [`${paint.good('✓')} nothing is wrong`] : []),
  ]
}

const knownText = ({ since, told }: Standing) => {
  const names = Object.keys(told)
  return `since ${minute(since)}; ${names.length > 0 ? `told ${names.join(', ')}` : 'nobody was told yet'}`
}
