import { ConnectionError, ErrorCodes, ResponseError } from 'vscode-jsonrpc/node'
import { Problem } from '../../problem/problem.ts'

const code = 'ssh/lost'

/** Whether a call ended for want of a connection; nothing is known of what was asked for. */
export const isLost = (error: unknown): boolean =>
  error instanceof Problem && error.data.code === code

/** What to tell of a lost connection; a verb that knows more of it says it with its own words. */
export const lostProblem = (cause: unknown, { detail, fix }: { detail: string; fix: string[] }) =>
  new Problem(
    { code, summary: 'The connection was lost while the server was at work.', detail, fix },
    { cause },
  )

/** An error of the transport as what it means to a user; any other as it is. */
export const orLost = (error: unknown): unknown => {
  const isUnanswered =
    error instanceof ResponseError && error.code === ErrorCodes.PendingResponseRejected
  if (!isUnanswered && !(error instanceof ConnectionError)) return error
  return lostProblem(error, {
    detail: 'Its answer did not come.',
    fix: ['Run the same command again.'],
  })
}
