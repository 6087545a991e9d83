import { post } from '../io/http/post.ts'
import { sendMail } from '../io/mail/send.ts'
import { messageOf } from '../problem/problem.ts'
import { bodyOf, postOf, subjectOf } from './message.ts'
import type { Channel, Letter, Sent } from './model.ts'

/** Sends a letter, and says how that went. No secret is in what it says. */
export const sendLetter = async (channel: Channel, letter: Letter): Promise<Sent> => {
  try {
    if (channel.kind !== 'mail') {
      await post(channel.url, postOf(channel.kind, letter))
      return { taken: true, problem: null }
    }
    const { smtp, from, to } = channel
    const mail = { from, to, subject: subjectOf(letter), text: bodyOf(letter) }
    const refused = await sendMail(smtp, mail)
    const problem = refused.length > 0 ? `no mail is taken for ${refused.join(', ')}` : null
    return { taken: true, problem }
  } catch (error) {
    return { taken: false, problem: messageOf(error) }
  }
}
