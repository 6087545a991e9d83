import { z } from 'zod'
import { ruleIds } from '../check/ids.ts'
import { alerts } from './alerts.ts'
import { backups, databases, volumes } from './data.ts'
import { name, variable } from './names.ts'
import { rate } from './rate.ts'
import { parseDuration } from './units.ts'

// The one description of zarpe.yml: types, validation, the editor's JSON Schema and the reference
// page come from it.

const duration = z
  .string()
  .refine((text) => parseDuration(text) !== null, 'must be a duration such as 10s, 500ms or 2m')

const domain = z
  .string()
  .max(253)
  .regex(
    /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    'must be a domain name in lower case, such as shop.example',
  )

const path = z
  .string()
  .regex(/^\/[A-Za-z0-9._~/-]*$/, 'must begin with / and hold only letters, digits and . _ ~ -')

const upstream = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*:\d{1,5}$/, 'must be service:port, such as web:3000')

const routes = z
  .record(domain, z.record(path, upstream))
  .describe(
    'What browsers ask for and which service answers: domain → path → service:port. A path means itself and everything below; of several the longest counts.',
  )

const values = z
  .strictObject({
    program: z
      .strictObject({
        run: z
          .array(z.string().min(1))
          .min(1)
          .describe('The program and its arguments. No shell is involved.'),
        within: duration.default('30s').describe('How long it may take.'),
      })
      .optional()
      .describe(
        'Prints values, as NAME=value lines or one JSON object of texts: `op`, `vault`, `pass` and the like.',
      ),
    process: z
      .array(variable)
      .default([])
      .describe(
        'Names that are taken from the process environment, as in CI. An empty one counts as not set.',
      ),
  })
  .describe(
    [
      'Where values come from besides files. When several sources have a name, the process environment',
      'wins over `.env.<environment>`, that over the program, and that over `.env.<environment>.age`.',
    ].join(' '),
  )

const environment = z
  .strictObject({
    servers: z
      .array(name)
      .length(1, 'must name exactly one server; several servers come with a later version')
      .describe('The server this environment runs on, by its name in `servers`.'),
    routes: routes.default({}),
    env_file: z
      .string()
      .optional()
      .describe(
        [
          'File with the values of this environment, as NAME=value lines. Default:',
          '`.env.<environment>`. Only its owner may read it (mode 0600), and git must ignore it.',
          'Between \'…\' every byte is taken as it stands; between "…" the escapes `\\n \\r \\t \\\\ \\" \\$` are known. Nothing is ever replaced inside a value, and a line',
          'that could mean two things is refused.',
        ].join(' '),
      ),
    values: values.prefault({}),
  })
  .describe('One place where the product runs.')

const migrate = z
  .strictObject({
    service: z.string().describe('The service whose new image runs the migration.'),
    command: z
      .union([z.string(), z.array(z.string()).min(1)])
      .describe('What to run. A text is split at spaces; write a list for anything else.'),
    within: duration.default('10m').describe('How long it may take.'),
  })
  .describe('Runs once in each release that changes the image, before anything of it serves.')

const release = z
  .strictObject({
    migrate: migrate.optional(),
    build_on: z
      .enum(['laptop', 'server'])
      .default('laptop')
      .describe(
        [
          'Where images are built: by the engine of the machine that `zarpe deploy` runs on, which',
          'sends the layers that changed, or by the engine of the server, which then needs memory,',
          'processor and disk for it beside the app.',
        ].join(' '),
      ),
    healthy_within: duration
      .default('60s')
      .describe('How long a service may take to become healthy.'),
    watch: duration
      .default('6s')
      .describe('How long a healthy service is watched for crashes before the old one goes.'),
    keep: z
      .int()
      .min(2)
      .max(50)
      .default(5)
      .describe('Releases kept ready for an instant rollback, the current one included.'),
  })
  .describe('How a release goes.')

const service = z
  .strictObject({
    drain: duration
      .optional()
      .describe(
        'For an app that exits at once on a stop signal: how long its old tasks keep serving.',
      ),
    stateful: z
      .boolean()
      .optional()
      .describe(
        'Whether it keeps data and so is updated in place, one task at a time. Default: whether it has a named volume.',
      ),
  })
  .describe('What the Compose file cannot say about a service.')

const edge = z
  .strictObject({
    email: z
      .email()
      .optional()
      .describe('Where the certificate authority of this app’s domains sends warnings.'),
    headers: z
      .record(
        z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/, 'must be the name of an HTTP header'),
        z
          .string()
          .max(4096)
          .regex(/^[\x20-\x7e]*$/, 'must be one line of ASCII text'),
      )
      .default({})
      .describe(
        [
          'Headers of every answer that lacks them, such as `Content-Security-Policy`. Without being',
          'asked the edge adds `Strict-Transport-Security`, `X-Content-Type-Options` and',
          '`Referrer-Policy` to answers of an app that does not send its own; an empty text here',
          'leaves one out.',
        ].join(' '),
      ),
    maintenance_page: z
      .string()
      .optional()
      .describe(
        [
          'An HTML file of at most 64 KiB that browsers get, with status 503, or 502 and 504, and `Retry-After`, while nothing of the app',
          'answers. What it refers to on the same site does not answer either, so styles and pictures belong into it.',
          'Default: a plain page.',
        ].join(' '),
      ),
    acme: z
      .strictObject({
        directory: z.url().describe('Another ACME directory than the public default.'),
        root: z.string().optional().describe('PEM file of the root behind that directory.'),
      })
      .optional()
      .describe(
        'Who issues the certificates of this app’s domains; other apps of the server have their own. Where apps share a domain, that with the shortest path decides.',
      ),
  })
  .describe('Who answers on ports 80 and 443.')

const secrets = z
  .strictObject({
    recipients: z
      .record(
        name,
        z
          .string()
          .regex(/^age1[02-9ac-hj-np-z]{58}$/, 'must be a public key of age, such as age1…'),
      )
      .default({})
      .describe(
        'Who can read `.env.<environment>.age`: public keys of age by name. `zarpe secrets recipients` edits them.',
      ),
  })
  .describe('Values that are encrypted and committed.')

const store = z
  .strictObject({
    url: z
      .string()
      .describe(
        [
          'Where it is: `sftp://user@host:port/folder` (below the folder that the login lands in; begin with `//` for one from the root),',
          '`s3://bucket/prefix`, or `file:///folder` on the server, such as another disk.',
        ].join(' '),
      ),
    password: variable
      .optional()
      .describe(
        'SFTP: the variable of the environment that holds the password. Never the password.',
      ),
    key: variable
      .optional()
      .describe(
        'SFTP: the variable that holds a private key in the form of OpenSSH, without a passphrase.',
      ),
    host_key: z
      .string()
      .regex(
        /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) AAAA[A-Za-z0-9+/]+=*$/,
        'must be a public key such as "ssh-ed25519 AAAA…": the last two words of a line of ssh-keyscan',
      )
      .optional()
      .describe(
        'SFTP: the public key that the server must show. `ssh-keyscan -p <port> <host>` prints it; compare it with what your hoster publishes.',
      ),
    endpoint: z
      .url({ protocol: /^https?$/, error: 'must be an address such as https://s3.example' })
      .optional()
      .describe('S3: where the service answers.'),
    region: z
      .string()
      .regex(/^[a-z0-9-]{1,40}$/, 'must be a region such as eu-central-1')
      .optional()
      .describe('S3: the region that requests are signed for; `us-east-1` where there are none.'),
    access_key: variable
      .optional()
      .describe('S3: the variable that holds the id of the access key.'),
    secret_key: variable.optional().describe('S3: the variable that holds the secret access key.'),
    rate: rate
      .optional()
      .describe(
        'How many bytes a second copies are sent with at most, and read back, such as `10M`. What is fetched comes as fast as it can.',
      ),
  })
  .describe('A place that keeps copies of backups. See docs/guide/stores.md.')

const check = z
  .strictObject({
    off: z
      .partialRecord(
        z.enum(ruleIds, {
          error: 'is no rule of `zarpe check`; docs/reference/rules.md lists them',
        }),
        z.string().trim().min(10, 'must say why, in ten characters or more'),
      )
      .default({})
      .describe(
        'Rules that are turned off for the whole product, each with the reason: rule → why. For one place, write `# zarpe: off <rule> because …` beside it.',
      ),
  })
  .describe('What `zarpe check` goes by.')

export const configSchema = z
  .strictObject({
    app: name.describe('Name of the product.'),
    compose: z
      .union([z.string(), z.array(z.string()).min(1)])
      .default('compose.yml')
      .describe('The Compose file, or several that are merged in order.'),
    servers: z
      .record(name, z.string())
      .describe('Servers by name: user@host, user@host:port, or an alias of your ssh_config.'),
    environments: z.record(name, environment).describe('Where the product runs.'),
    release: release.prefault({}),
    services: z.record(z.string(), service).default({}),
    edge: edge.prefault({}),
    databases: databases.default({}),
    volumes: volumes.default({}),
    backups: backups.prefault({}),
    secrets: secrets.prefault({}),
    stores: z
      .record(name, store)
      .default({})
      .describe(
        'Places that keep copies of backups, by name. `local`, on the server itself, is always there.',
      ),
    alerts: alerts.prefault({}),
    check: check.prefault({}),
  })
  .describe('What Zarpe must know beyond the Compose file.')

export type Config = z.output<typeof configSchema>
