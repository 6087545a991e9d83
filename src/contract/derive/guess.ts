import type { Found } from './found.ts'
import { isSecretName } from '../../check/secrets/secrets.ts'
import { isPlaceholder } from '../types/secret.ts'
import { judge, types } from '../types/table.ts'

export type Guess = {
  /** As it is written behind `@type=`; null for any text. */
  type: string | null
  sensitive: boolean
}

type Clue = { type: string; name?: RegExp; sample?: RegExp }

const json = /^\s*\[.*\]\s*$/s

/** From the surest to the vaguest. A sample that the type would refuse speaks against it. */
const clues: Clue[] = [
  {
    type: 'zarpe_databaseUrl',
    sample: /^(postgres(ql)?|mysql|mariadb|mongodb|mssql)(\+\w+)?:\/\//,
  },
  { type: 'zarpe_redisUrl', sample: /^(rediss?|valkeys?):\/\// },
  { type: 'zarpe_amqpUrl', sample: /^(amqps?|pyamqp):\/\// },
  { type: 'zarpe_smtpUrl', sample: /^(smtps?|submissions?):\/\// },
  {
    type: 'zarpe_databaseUrl',
    name: /^(DATABASE|DB|POSTGRES(QL)?|PG|MYSQL|MONGO(DB)?)_(URL|URI|DSN)$/,
  },
  { type: 'zarpe_redisUrl', name: /^(REDIS|CACHE|VALKEY)_(URL|URI)$/ },
  { type: 'zarpe_amqpUrl', name: /^(AMQP|RABBITMQ)_(URL|URI)$/ },
  { type: 'zarpe_smtpUrl', name: /^(SMTP|MAIL)_(URL|URI|DSN)$/ },
  { type: 'zarpe_hosts(format=json)', name: /(ALLOWED|TRUSTED)_HOSTS$/, sample: json },
  { type: 'zarpe_hosts', name: /(ALLOWED|TRUSTED)_HOSTS$/ },
  { type: 'zarpe_origins(format=json)', name: /ORIGINS$/, sample: json },
  { type: 'zarpe_origins', name: /ORIGINS$/ },
  { type: 'zarpe_fernet', name: /FERNET|^TOTP_ENCRYPTION_KEY$/ },
  { type: 'zarpe_fernet', name: /ENCRYPTION_KEY$/, sample: /^[A-Za-z0-9_-]{43}=$/ },
  {
    type: 'zarpe_secret',
    name: /^((APP|DJANGO|FLASK|RAILS|SESSION|COOKIE|JWT|AUTH|NEXTAUTH|BETTER_AUTH|SIGNING)_)?SECRET(_KEY(_BASE)?)?$/,
  },
  {
    type: 'zarpe_password',
    name: /^(DB|DATABASE|POSTGRES|PG|MYSQL|MARIADB|MONGO|REDIS|RABBITMQ|FLOWER|GRAFANA)(_\w+)?_PASS(WORD)?$/,
  },
  { type: 'port', name: /(^|_)PORT$/ },
  { type: 'email', sample: /^[^\s@]+@[^\s@]+\.[^\s@]+$/ },
  { type: 'url', sample: /^https?:\/\// },
  { type: 'url', name: /_(URL|URI|ENDPOINT)$/ },
  { type: 'boolean', sample: /^(true|false|yes|no|on|off)$/i },
  { type: 'boolean', name: /^(DEBUG|TESTING)$|^(ENABLE|USE|IS|HAS)_|_ENABLED$/ },
  { type: 'zarpe_cron', name: /CRON|SCHEDULE/, sample: /^\S+ \S+ \S+ \S+ \S+$/ },
  { type: 'duration', sample: /^\d+(ms|s|m|h|d)$/ },
  { type: 'zarpe_size', sample: /^\d+([KMG]i?B?)$/i },
  { type: 'number', sample: /^-?\d+(\.\d+)?$/ },
  { type: 'zarpe_path', name: /_(DIR|PATH|FILE|FOLDER)$/, sample: /^\// },
  { type: 'array(format=json)', sample: json },
  { type: 'simple-object', sample: /^\s*\{.*\}\s*$/s },
]

/** The likeliest type of a variable, to be reviewed by somebody who knows. */
export const guessType = ({
  name,
  sample,
  example,
  form,
}: Pick<Found, 'name' | 'sample' | 'example' | 'form'>): Guess => {
  const value = sample?.trim() ? sample : example?.trim() ? example : null
  const clue = clues.find((each) => fits(each, name, value))
  // What reads a list knows its form; a value may be the mistake.
  const type =
    form && clue && /^(zarpe_hosts|zarpe_origins|array)\b/.test(clue.type)
      ? `${baseOf(clue.type)}${form === 'json' ? '(format=json)' : ''}`
      : (clue?.type ?? (form === 'json' ? 'array(format=json)' : null))
  const secret = type !== null && types[baseOf(type)]!.secret === true
  // Of a form that the type does not know, such as jdbc:…, it is a login all the same.
  const isLogin = clues.some((each) => isUrl(each.type) && hints(each, name, value))
  const open =
    type !== null && ['port', 'boolean', 'number', 'duration', 'zarpe_size'].includes(type)
  return { type, sensitive: secret || (!open && (isLogin || isSecretName(name))) }
}

/**
 * Whether an environment must have it: there is no way round a value, or it signs or encrypts, and
 * whatever is used in its place is known to everybody.
 */
export const isNeeded = (found: Found): boolean =>
  found.needed || ['zarpe_secret', 'zarpe_fernet'].includes(guessType(found).type ?? '')

const fits = ({ type, name, sample }: Clue, variable: string, value: string | null): boolean => {
  if (name && !name.test(variable)) return false
  if (sample) return value !== null && sample.test(value) && isRight(type, value)
  // A name alone is a guess; an example of another form is stronger, unless it stands for a secret.
  return value === null || isPlaceholder(value) || isRight(type, value)
}

/** Whether a clue points to its type, be the value right or not. */
const hints = ({ name, sample }: Clue, variable: string, value: string | null): boolean =>
  name ? name.test(variable) : value !== null && sample!.test(value)

/** A secret whose form is known from its type: what is refused by it was never one. */
const isUrl = (type: string) => types[baseOf(type)]!.secret === true && type.endsWith('Url')

/** Parts of a URL that somebody still has to fill in. */
const unfilled = /<[^<>]+>|\$\{|@HOST\b|:PORT\b/

const baseOf = (type: string) => type.replace(/\(.*$/, '')

/** Whether a type, as it is guessed, takes a value. */
export const isRight = (type: string, value: string): boolean => {
  if (isUrl(type) ? unfilled.test(value) : types[baseOf(type)]!.secret) return true
  const options = type.includes('format=json') ? { format: 'json' } : {}
  return judge(value, { name: baseOf(type), members: [], of: null, options }) === null
}
