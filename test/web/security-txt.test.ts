import { expect, test } from 'vitest'
import { faultsOf } from '../../web/security-txt.ts'

const now = Date.parse('2026-11-27T00:00:00Z')
const good =
  'Contact: mailto:security@acme.test\r\nContact: https://acme.test/report\r\nExpires: 2027-06-30T00:00:00Z\r\n'

test('a file with a contact and a day to come may stand at /.well-known/security.txt', () => {
  expect(faultsOf(good, now)).toEqual([])
  expect(faultsOf(`# Whom to tell\n${good.toLowerCase()}`, now)).toEqual([])
})

test.each([
  ['', ['it has no Contact', 'it must say Expires once']],
  [good.replaceAll('Contact', '# Contact'), ['it has no Contact']],
  [good.replace('mailto:', ''), ['Contact "security@acme.test" is no address of https, mailto or tel']],
  [
    good.replace('https', 'http'),
    ['Contact "http://acme.test/report" is no address of https, mailto or tel'],
  ],
  [`${good}Expires: 2027-07-30T00:00:00Z`, ['it must say Expires once']],
  [good.replace('2027-06-30T00:00:00Z', 'next year'), ['Expires "next year" is no time']],
  [good.replace('2027', '2025'), ['it expired at 2025-06-30T00:00:00Z']],
])('what RFC 9116 does not allow is named: %j', (text, faults) => {
  expect(faultsOf(text, now)).toEqual(faults)
})
