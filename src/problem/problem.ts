/** Where in a file the user wrote something that needs attention. Lines and columns count from 1. */
export type Place = { file: string; line: number; column: number }

/**
 * What went wrong, in one shape for the screen, `--json`, the wire and the journal.
 * `summary` is constant for a code, so that it becomes familiar; `detail` says what was wrong here
 * and why it matters; `fix` holds commands or edits that can be copied as they stand.
 */
export type ProblemData = {
  code: string
  summary: string
  detail: string
  place?: Place
  fix: string[]
  /** Last lines of output that show the cause, oldest first. */
  evidence?: string[]
}

/** An expected failure, worded for the user. Anything else that is thrown is a bug in Zarpe. */
export class Problem extends Error {
  readonly data: ProblemData

  constructor(data: ProblemData, options?: { cause?: unknown }) {
    super(`${data.code}: ${data.summary} ${data.detail}`, options)
    this.name = 'Problem'
    this.data = data
  }
}

/** Several problems that the user can mend in one go, such as all mistakes in a file. */
export class Problems extends Error {
  readonly list: ProblemData[]

  constructor(list: ProblemData[]) {
    super(list.map((each) => `${each.code}: ${each.detail}`).join('\n'))
    this.name = 'Problems'
    this.list = list
  }
}

/** The problems inside anything thrown, or none if it is a bug. */
export const problemsOf = (thrown: unknown): ProblemData[] => {
  if (thrown instanceof Problem) return [thrown.data]
  if (thrown instanceof Problems) return thrown.list
  if (thrown instanceof Error && (thrown as NodeJS.ErrnoException).code === 'ENOSPC')
    return [noSpace(thrown)]
  return []
}

/** Any file that is written can be the one for which there is no room. */
const noSpace = (error: Error): ProblemData => ({
  code: 'host/disk-full',
  summary: 'A disk is full.',
  detail: `${error.message}.`,
  fix: ['Free some room there, then run the same command again: df -h; du -xh / | sort -h | tail'],
})

/** Whether a program's words mean that. */
export const isDiskFull = (text: string): boolean => /no space left on device|ENOSPC/i.test(text)

/** The text of anything thrown, for places that must carry on. */
export const messageOf = (thrown: unknown): string =>
  thrown instanceof Problem
    ? thrown.data.detail
    : thrown instanceof Error
      ? thrown.message
      : String(thrown)
