/** Addresses as limits count them. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sourceOf } from '#shared/domain/source.ts'

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['64:ff9b::192.0.2.33', '64:ff9b:0:0::/64'],
  ['2001:db8:1:2::', '2001:db8:1:2::/64'],
])('%s counts as %s', (address, source) => {
  expect(sourceOf(address)).toBe(source)
})

test.each(['', 'nonsense', '1.2.3', '300.1.1.1', '2001:db8::1::2', '203.0.113.7, 198.51.100.1'])(
  '%j, no address, counts as one source with all its like',
  (address) => {
    expect(sourceOf(address)).toBe('unknown')
  },
)

const groups = (length: number) =>
  fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: length, maxLength: length })
const written = (parts: readonly number[]) => parts.map((part) => part.toString(16)).join(':')

test('all addresses of a /64 are one source, addresses of two are two', () => {
  fc.assert(
    fc.property(groups(4), groups(4), groups(4), (prefix, one, two) => {
      const source = sourceOf(written([...prefix, ...one]))
      expect(sourceOf(written([...prefix, ...two]))).toBe(source)
      const [first = 0, ...rest] = prefix
      expect(sourceOf(written([first ^ 1, ...rest, ...one]))).not.toBe(source)
    }),
  )
})

test('how an IPv6 address is written does not matter', () => {
  fc.assert(
    fc.property(fc.ipV6(), (address) => {
      if (address.includes('.')) return
      expect(sourceOf(address.toUpperCase())).toBe(sourceOf(address))
      expect(sourceOf(new URL(`http://[${address}]`).hostname.slice(1, -1))).toBe(sourceOf(address))
    }),
  )
})

test('every IPv4 address is a source of its own', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      expect(sourceOf(address)).toBe(address)
    }),
  )
})

test.each([
  ['1:2::', '1:2:0:0::/64'],
  ['1:2:3:4:5:6::', '1:2:3:4::/64'],
  ['::ffff:0:192.0.2.33', '0:0:0:0::/64'],
  ['1::ffff:192.0.2.33', '1:0:0:0::/64'],
  ['1:2:3:4:5:6:192.0.2.33', '1:2:3:4::/64'],
  ['1::3:4:5:6:192.0.2.33', '1:0:3:4::/64'],
  ['::3:4:5:6:7:192.0.2.33', '0:3:4:5::/64'],
  ['::3:4:5:6:7:12.34.56.78', '0:3:4:5::/64'],
  ['1:2:3::5:6:7:8', '1:2:3:0::/64'],
])('%s counts as %s, wherever its zeros stand', (address, source) => {
  expect(sourceOf(address)).toBe(source)
})
