import { defineNotice } from './method.ts'

/** The agent's first words on every connection. */
export type Greeting = {
  program: 'zarpe'
  /** Hash of the agent's bundle: both ends must come from the same. */
  build: string
  version: string
  /** The machine's own id, by which a wrong server behind the right name is noticed. */
  machine: string
  /** What the machine calls itself; agents before 0.2 do not tell. */
  hostname?: string
  /** The machine's processor as Docker names it, such as `amd64`; agents before 0.2 do not tell. */
  processor?: string
  /** The version of Node that it runs on; agents before 0.2 do not tell. */
  runtime?: string
}

export const greetingNotice = defineNotice<Greeting>('greeting')
