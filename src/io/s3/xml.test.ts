import { expect, it } from 'vitest'
import { faultOfAnswer, faultOfFetch } from './faults.ts'
import { elementsOf, textOf } from './xml.ts'

it('reads the flat answers of S3', () => {
  const xml =
    '<List xmlns="x"><Part><N>1</N><ETag>&quot;a&#38;b&#x41;&quot;</ETag></Part><Part><N>2</N></Part></List>'
  expect(elementsOf(xml, 'Part').map((each) => textOf(each, 'N'))).toEqual(['1', '2'])
  expect(textOf(xml, 'ETag')).toBe('"a&bA"')
  expect(textOf(xml, 'Nothing')).toBe('')
})

const error = (code: string) => `<Error><Code>${code}</Code><Message>m</Message></Error>`

it.each([
  [403, error('SignatureDoesNotMatch'), 'login-refused'],
  [403, '', 'forbidden'],
  [404, error('NoSuchBucket'), 'no-folder'],
  [403, error('RequestTimeTooSkewed'), 'wrong-clock'],
  [301, error('PermanentRedirect'), 'wrong-region'],
  [403, error('QuotaExceeded'), 'full'],
  [400, error('XAmzContentSHA256Mismatch'), 'damaged'],
  [503, error('SlowDown'), 'busy'],
  [502, '<html>', 'busy'],
  [400, error('MalformedXML'), 'failed'],
])('%s %s means %s', (status, body, kind) =>
  expect(faultOfAnswer('GET a', status, body).kind).toBe(kind),
)

it.each([
  ['ENOTFOUND', 'name-unknown'],
  ['ECONNREFUSED', 'refused'],
  ['CERT_HAS_EXPIRED', 'certificate'],
  ['UND_ERR_SOCKET', 'dropped'],
])('no answer because of %s means %s', (code, kind) => {
  const cause = Object.assign(new Error('why'), { code })
  expect(faultOfFetch('GET a', new TypeError('fetch failed', { cause })).kind).toBe(kind)
})
