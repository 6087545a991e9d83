import { isMessageOfNoMatch, parseArmored } from './armor.ts'

// Files are those of age, in its text form: `age --decrypt` reads them, and git shows them as text.
// The library is loaded when it is needed, for most verbs never are.

const age = () => import('age-encryption')

/** What came of reading an encrypted file. */
export type Decrypted =
  | { is: 'text'; text: Uint8Array }
  /** It is whole, and for other keys. */
  | { is: 'for others' }
  | { is: 'damaged' }

/** Encrypts for several public keys, any of which can read it alone. A new file key each time. */
export const encryptFor = async (recipients: string[], text: string): Promise<string> => {
  const { armor, Encrypter } = await age()
  const encrypter = new Encrypter()
  for (const recipient of recipients) encrypter.addRecipient(recipient)
  return armor.encode(await encrypter.encrypt(text))
}

/** Decrypts a file of age, in either of its forms, with any of these secret keys. */
export const decryptWith = async (identities: string[], file: Uint8Array): Promise<Decrypted> => {
  const { armor, Decrypter } = await age()
  try {
    const decrypter = new Decrypter()
    for (const identity of identities) decrypter.addIdentity(identity)
    const armored = parseArmored(file)
    const bytes = armored === null ? file : armor.decode(armored)
    return { is: 'text', text: await decrypter.decrypt(bytes) }
  } catch (thrown) {
    return { is: isMessageOfNoMatch(thrown) ? 'for others' : 'damaged' }
  }
}

/** A new secret key, of the kind that every version of age knows. */
export const newIdentity = async (): Promise<string> => (await age()).generateX25519Identity()

/** The public key of a secret one, or null if it is none. */
export const recipientOf = async (identity: string): Promise<string | null> => {
  const { identityToRecipient } = await age()
  return identityToRecipient(identity).catch(() => null)
}

/** Whether a text is a public key; a letter that was mistyped shows in its checksum. */
export const isRecipient = async (text: string): Promise<boolean> => {
  const { Encrypter } = await age()
  try {
    new Encrypter().addRecipient(text)
    return /^age1[02-9ac-hj-np-z]{58}$/.test(text)
  } catch {
    return false
  }
}
