import { minuteOf } from '../problem/minute.ts'
import type { Channel, Letter, Told } from './model.ts'

/** The message in one line. */
export const subjectOf = ({ project, server, test, began, still, over }: Letter): string => {
  const where = `${project} on ${server}`
  if (test) return `${where}: a test of alerts`
  const wrong = [...began, ...still]
  const all = wrong.length > 0 ? wrong : over
  const sign = wrong.length > 0 ? '✗' : '✓'
  const what = all.length === 1 ? all[0]!.text : `${all.length} things`
  return `${sign} ${where}: ${wrong.length > 0 ? '' : 'over: '}${oneLine(what)}`
}

/** A text that others have a hand in, such as the name of a file, stays one line of bounded length. */
const oneLine = (text: string) => {
  const flat = text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim()
  return flat.length > lineMax ? `${flat.slice(0, lineMax)}…` : flat
}

const lineMax = 400

/** The message as a person reads it. */
export const bodyOf = (letter: Letter): string => {
  const { project, server, at, test, began, still, over } = letter
  const list = (title: string, all: Told[], sign: string) =>
    all.length === 0
      ? []
      : [
          title,
          ...all.map(
            (each) => `  ${sign} ${oneLine(each.text)} (since ${minuteOf(each.since)} UTC)`,
          ),
        ]
  return [
    `${project} on ${server}, ${minuteOf(at)} UTC`,
    ...(test ? ['This is a test: nothing is wrong. Alerts arrive here.'] : []),
    ...list('New:', began, '✗'),
    ...list('Still so:', still, '✗'),
    ...list('Over:', over, '✓'),
    ...(test ? [] : ['zarpe status and zarpe backup list tell more.']),
  ].join('\n')
}

/** What is posted to a channel that has a URL. */
export const postOf = (
  kind: Exclude<Channel['kind'], 'mail'>,
  letter: Letter,
): { body: string; headers: Record<string, string> } => {
  const json = (value: object) => ({
    body: JSON.stringify(value),
    headers: { 'content-type': 'application/json' },
  })
  const text = bodyOf(letter)
  const isWrong = letter.began.length + letter.still.length > 0
  switch (kind) {
    case 'slack':
      // Its own signs for links and mentions: see "Formatting text" in Slack's documentation.
      return json({
        text: text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
      })
    case 'discord':
      return json({ content: cut(text, discordMax), allowed_mentions: { parse: [] } })
    case 'ntfy':
      return {
        body: cut(text, ntfyMax),
        headers: {
          // Headers are ASCII; the words say it too.
          title: subjectOf(letter).replaceAll(/[^\x20-\x7e]/g, ''),
          priority: isWrong ? 'high' : 'default',
          tags: isWrong ? 'rotating_light' : 'white_check_mark',
        },
      }
    case 'webhook':
      return json({ ...letter, text })
  }
}

/** Discord takes 2,000 characters, ntfy 4,096 bytes. */
const discordMax = 2_000
const ntfyMax = 1_300

const cut = (text: string, max: number) => (text.length > max ? `${text.slice(0, max - 1)}…` : text)
