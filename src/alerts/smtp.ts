import type { Smtp } from './model.ts'

const impliedTls = 465
const submission = 587

/** A mail server from its URL, `smtps://user:password@host:465` or `smtp://…:587`; null if it is none. */
export const parseSmtp = (text: string): Smtp | null => {
  const url = URL.parse(text.trim())
  if (!url || !['smtp:', 'smtps:'].includes(url.protocol) || url.hostname === '') return null
  const secure = url.protocol === 'smtps:'
  const user = decoded(url.username)
  const password = decoded(url.password)
  if (user === null || password === null) return null
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? (secure ? impliedTls : submission) : Number(url.port),
    secure,
    user: user === '' ? null : user,
    password: user === '' ? null : password,
  }
}

/** A percent-encoded text; null if it is not encoded as it must be. */
export const decoded = (text: string): string | null => {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
