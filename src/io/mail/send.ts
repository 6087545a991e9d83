import { trustSystem } from '../host/network/trust.ts'

/** For a step of the conversation to be answered, and for all of it. */
const stepLimitMs = 20_000
const limitMs = 60_000

export type MailServer = {
  host: string
  port: number
  /** TLS from the first byte. */
  secure: boolean
  user: string | null
  password: string | null
}

/**
 * Hands a mail to a server. Returns the addresses that it refused; throws why it took the mail for nobody, without a password.
 * A password is sent over TLS alone, to a server whose certificate is trusted. Where there is none, TLS is taken if it is
 * offered, whoever offers it: that is still better than none.
 */
export const sendMail = async (
  { host, port, secure, user, password }: MailServer,
  mail: { from: string; to: string[]; subject: string; text: string },
): Promise<string[]> => {
  const login = user !== null && password !== null ? { user, pass: password } : null
  // Not from the start: most runs of the agent send no mail.
  const { createTransport } = await import('nodemailer')
  trustSystem()
  const transport = createTransport({
    host,
    port,
    secure,
    ...(login ? { auth: login } : {}),
    ...(secure ? {} : login ? { requireTLS: true } : { tls: { rejectUnauthorized: false } }),
    connectionTimeout: stepLimitMs,
    greetingTimeout: stepLimitMs,
    socketTimeout: stepLimitMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`it was not done within ${limitMs / 1000} s`)
    timer = setTimeout(() => reject(error), limitMs)
  })
  try {
    const { rejected } = await Promise.race([transport.sendMail(mail), late])
    return rejected.map((each: string | { address: string }) =>
      typeof each === 'string' ? each : each.address,
    )
  } catch (error) {
    throw new Error(`${host}:${port} did not take the mail: ${reasonOf(error, user, password)}`, {
      cause: error,
    })
  } finally {
    clearTimeout(timer)
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
