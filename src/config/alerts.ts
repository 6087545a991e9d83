import { z } from 'zod'
import { name, variable } from './names.ts'

// The part of zarpe.yml about who is told when something is wrong.

/** Each channel is one of these. */
const channelKinds = ['mail', 'slack', 'discord', 'ntfy', 'webhook'] as const

const channel = z
  .strictObject({
    mail: z
      .union([z.email(), z.array(z.email()).min(1).max(20)])
      .optional()
      .describe('Addresses that get a mail.'),
    smtp: variable
      .optional()
      .describe(
        [
          'With `mail`: the variable that holds the URL of a mail server, `smtps://user:password@host:465` or',
          '`smtp://user:password@host:587`, which must offer TLS then. What is special in it is percent-encoded.',
        ].join(' '),
      ),
    from: z
      .email()
      .optional()
      .describe('With `mail`: the sender. Default: the user of `smtp`, or who gets it.'),
    slack: variable
      .optional()
      .describe('The variable that holds the URL of an incoming webhook of Slack or Mattermost.'),
    discord: variable.optional().describe('The variable that holds the URL of a Discord webhook.'),
    ntfy: variable
      .optional()
      .describe(
        'The variable that holds the URL of a topic of ntfy, such as https://ntfy.example/shop.',
      ),
    webhook: variable
      .optional()
      .describe(
        'The variable that holds a URL which gets the alert as JSON: see docs/guide/alerts.md.',
      ),
  })
  .refine(
    (each) => channelKinds.filter((kind) => each[kind] !== undefined).length === 1,
    `must have exactly one of ${channelKinds.join(', ')}`,
  )
  .refine(({ mail, smtp }) => (mail === undefined) === (smtp === undefined), {
    error: 'goes with `mail`, and `mail` needs it',
    path: ['smtp'],
  })
  .refine(({ mail, from }) => from === undefined || mail !== undefined, {
    error: 'goes with `mail`',
    path: ['from'],
  })
  .describe('One way to reach somebody.')

export const alerts = z
  .strictObject({
    to: z
      .record(name, channel)
      .default({})
      .describe('Who is told, by names of your choice. Every channel is told everything.'),
    heartbeat: variable
      .optional()
      .describe(
        [
          'The variable that holds a URL which the server asks every five minutes as long as nothing is wrong. A service that',
          'expects it, such as healthchecks.io, notices a server that is silent.',
        ].join(' '),
      ),
  })
  .describe('Who is told when a backup fails, is missed or cannot be proven, by the server itself.')

export type AlertsConfig = z.output<typeof alerts>
export type ChannelConfig = z.output<typeof channel>
