/** A device by names that are known here: what it says of itself never gets into a message. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { knownDevice, readUserAgent } from '#shared/domain/user-agent.ts'

const phone =
  'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Mobile Safari/537.36'

test.each([
  [phone, undefined, { browser: 'Chrome', system: 'Android' }],
  // A browser is told before the app that it stands in.
  [phone, 'iOS 26', { browser: 'Chrome', system: 'Android' }],
  ['Acme/4.1 (okhttp)', 'android 15', { system: 'Android' }],
  [undefined, 'iOS', { system: 'iOS' }],
  ['node', undefined, undefined],
  [undefined, 'Your account is blocked, call 555', undefined],
  [undefined, undefined, undefined],
])('of %j on %j is %j', (userAgent, os, known) => {
  expect(knownDevice(userAgent, os)).toEqual(known)
})

test.each(['Chrome/156.0 Safari/537.36', 'Linux', 'curl/8', ''])(
  'a browser is known with its system only, so %j is none',
  (userAgent) => {
    expect(readUserAgent(userAgent)).toBeUndefined()
  },
)

test('whatever a caller says of his device, the words are ours', () => {
  const ours = new Set(['Edge', 'Opera', 'Samsung Internet', 'Firefox', 'Chrome', 'Safari'])
  const systems = new Set(['Android', 'iOS', 'Windows', 'macOS', 'ChromeOS', 'Linux'])
  const said = fc.array(fc.oneof(fc.constantFrom('Chrome/', 'Android', 'Windows', 'iPhone'), fc.string()))
  fc.assert(
    fc.property(said, said, (agent, os) => {
      const { browser = 'Chrome', system = 'Linux' } = knownDevice(agent.join(''), os.join('')) ?? {}
      expect([ours.has(browser), systems.has(system)]).toEqual([true, true])
    }),
  )
})
