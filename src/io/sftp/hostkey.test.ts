import { expect, it } from 'vitest'
import { algorithmsFor, fingerprintOf, hostKeyOf, hostKeyText, parseHostKey } from './hostkey.ts'

// Made by ssh-keygen, which also printed the fingerprint.
const text = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ1++2wbA6KkJj/4l/eoLx75rLwCOrvDcSvxFvzbsm7l'

it('reads a key as ssh-keyscan writes it, and shows the fingerprint that ssh-keygen shows', () => {
  const key = parseHostKey(`${text} a comment`)!
  expect(hostKeyText(key)).toBe(text)
  expect(fingerprintOf(key)).toBe('SHA256:XT2dUqn8DcwwdV4rSiXR5skqLwMpWikCY2R1EUYP6cA')
  expect(hostKeyOf(Buffer.from(key.base64, 'base64'))).toEqual(key)
})

it.each(['', 'ssh-ed25519', 'AAAA', text.replace('ssh-ed25519', 'ssh-rsa'), 'ssh-ed25519 AAAA'])(
  '%j is no key',
  (wrong) => expect(parseHostKey(wrong)).toBe(null),
)

it('asks for the key of the pinned type', () => {
  expect(algorithmsFor(parseHostKey(text))).toEqual(['ssh-ed25519'])
  expect(algorithmsFor({ type: 'ssh-rsa', base64: '' })).toEqual(['rsa-sha2-512', 'rsa-sha2-256'])
})
