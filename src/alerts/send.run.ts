import { post } from '../io/http/post.ts'
import { sendMail } from '../io/mail/send.ts'
import { messageOf } from '../problem/problem.ts'
import { bodyOf, postOf, subjectOf } from './message.ts'
import type { Channel, Letter } from './model.ts'

/** Sends a letter. Returns why it did not get through, or null. No secret is in that. */
export const sendLetter = async (channel: Channel, letter: Letter): Promise<string | null> => {
  try {
    if (channel.kind === 'mail') {
      const { smtp, from, to } = channel
      await sendMail(smtp, { from, to, subject: subjectOf(letter), text: bodyOf(letter) })
    } else await post(channel.url, postOf(channel.kind, letter))
    return null
  } catch (error) {
    return messageOf(error)
  }
}
