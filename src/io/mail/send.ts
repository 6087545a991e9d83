import { createTransport } from 'nodemailer'

const limitMs = 20_000

export type MailServer = {
  host: string
  port: number
  /** TLS from the first byte. */
  secure: boolean
  user: string | null
  password: string | null
}

/**
 * Hands a mail to a server. Throws why it was not taken, without a password. A password is sent over TLS alone; a server
 * that wants none may do without.
 */
export const sendMail = async (
  { host, port, secure, user, password }: MailServer,
  mail: { from: string; to: string[]; subject: string; text: string },
): Promise<void> => {
  const hasLogin = user !== null && password !== null
  const transport = createTransport({
    host,
    port,
    secure,
    requireTLS: hasLogin && !secure,
    ...(hasLogin ? { auth: { user, pass: password } } : {}),
    connectionTimeout: limitMs,
    greetingTimeout: limitMs,
    socketTimeout: limitMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  try {
    await transport.sendMail(mail)
  } catch (error) {
    throw new Error(`${host}:${port} did not take the mail: ${reasonOf(error, user, password)}`, {
      cause: error,
    })
  } finally {
    transport.close()
  }
}

/** What a server says may repeat what it was sent. */
const reasonOf = (error: unknown, user: string | null, password: string | null): string => {
  const text = error instanceof Error ? error.message : String(error)
  const sent = [password ?? '', `\0${user}\0${password}`]
  return sent
    .flatMap((each) => [each, Buffer.from(each).toString('base64')])
    .filter((each) => each !== '')
    .reduce((rest, each) => rest.replaceAll(each, '…'), text)
}
