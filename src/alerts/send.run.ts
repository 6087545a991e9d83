import { get, post } from '../io/http/post.ts'
import { sendMail } from '../io/mail/send.ts'
import { messageOf } from '../problem/problem.ts'
import { bodyOf, postOf, subjectOf } from './message.ts'
import type { Channel, Letter, Sent } from './model.ts'

/** Sends a letter, and says how that went. No secret is in what it says. */
export const sendLetter = (channel: Channel, letter: Letter): Promise<Sent> =>
  attempt(async () => {
    if (channel.kind !== 'mail') {
      await post(channel.url, postOf(channel.kind, letter))
      return null
    }
    const { smtp, from, to } = channel
    const mail = { from, to, subject: subjectOf(letter), text: bodyOf(letter) }
    const refused = await sendMail(smtp, mail)
    return refused.length > 0 ? `no mail is taken for ${refused.join(', ')}` : null
  })

/** Asks for the URL of a heartbeat, and says how that went. */
export const sendBeat = (url: string): Promise<Sent> =>
  attempt(async () => {
    await get(url)
    return null
  })

/** What it returns is a problem of something that was taken; what it throws, why nothing was. */
const attempt = async (act: () => Promise<string | null>): Promise<Sent> => {
  try {
    return { taken: true, problem: await act() }
  } catch (error) {
    return { taken: false, problem: messageOf(error) }
  }
}
