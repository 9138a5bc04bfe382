import { expect, test } from 'vitest'
import { parseHash } from '#shared/crypto/forms.ts'
import { newSalt } from '#shared/crypto/hashing.ts'
import { beyondFloor, floorNeededMs, nativeScheme, type Scheme, schemeKey } from '#shared/crypto/scheme.ts'
import { policy } from '#shared/policy.ts'

const bcrypt = (cost: number): Scheme => ({ algorithm: 'bcrypt', cost, salt: 'a'.repeat(22) })
const argon2 = (memoryKiB: number, passes: number): Scheme => ({
  ...nativeScheme(newSalt()),
  memoryKiB,
  passes,
})

test('a hash that costs what our own does needs no floor', () => {
  expect(floorNeededMs(nativeScheme(newSalt()))).toBe(0)
})

test('one that costs less would answer sooner, and needs the least floor for hashes of other systems', () => {
  for (const cheap of [bcrypt(4), argon2(4096, 3)])
    expect(floorNeededMs(cheap)).toBe(policy.importFloorLeastMs)
  const floors = [policy.loginFloorLeastMs, policy.importFloorLeastMs - 1, policy.importFloorLeastMs]
  expect(floors.map((floor) => beyondFloor(bcrypt(4), floor) !== undefined)).toEqual([true, true, false])
  expect(beyondFloor(nativeScheme(newSalt()), policy.loginFloorLeastMs)).toBeUndefined()
})

test('who is refused is told the floor that is needed, and the one there is', () => {
  expect(beyondFloor(bcrypt(12), 350)).toContain('after 350 ms (loginFloorMs), and this needs 450 ms')
})

test('where there is no floor, none is too low', () => {
  expect(beyondFloor(bcrypt(12), 0)).toBeUndefined()
})

test('one scheme has one name, in whatever order its properties were read', () => {
  const native = nativeScheme('salt')
  const names = Object.entries(native)
  const turned = names.map((_, by) => Object.fromEntries([...names.slice(by), ...names.slice(0, by)]))
  for (const scheme of [...turned, Object.fromEntries(names.toReversed())])
    expect(schemeKey(scheme as unknown as Scheme)).toBe(schemeKey(native))
  expect(schemeKey({ ...native, passes: 9 })).not.toBe(schemeKey(native))
})

test('the floor by default covers what systems make unless told otherwise, and no cost beyond', () => {
  for (const usual of [bcrypt(10), bcrypt(12), argon2(65_536, 3), argon2(65_536, 4), argon2(47_104, 1)])
    expect(floorNeededMs(usual)).toBeLessThanOrEqual(policy.loginFloorMs)
  expect(floorNeededMs(bcrypt(13))).toBeGreaterThan(policy.loginFloorMs)
  expect(floorNeededMs(argon2(262_144, 3))).toBeGreaterThan(policy.loginFloorMs)
})

test('the floor needed grows with each parameter that costs time', () => {
  expect([10, 11, 12, 13, 14].map((cost) => floorNeededMs(bcrypt(cost)))).toEqual([200, 300, 450, 850, 1650])
  const phpass = (costLog2: number): Scheme => ({ algorithm: 'phpass', costLog2, salt: 'saltsalt' })
  expect(floorNeededMs(phpass(17))).toBeGreaterThan(floorNeededMs(phpass(16)))
  expect(floorNeededMs(argon2(131_072, 4))).toBeGreaterThan(floorNeededMs(argon2(65_536, 4)))
  expect(floorNeededMs(argon2(131_072, 4))).toBeGreaterThan(floorNeededMs(argon2(131_072, 2)))
})

const floorOf = (text: string) => {
  const parsed = parseHash(text)
  if (!('scheme' in parsed)) throw new Error(parsed.reason)
  return floorNeededMs(parsed.scheme)
}
const tail = `$${'A'.repeat(22)}$${'A'.repeat(43)}`

test.each([
  ['argon2', `$argon2id$v=19$m=262144,t=10,p=8${tail}`],
  ['bcrypt', `$2b$14$${'a'.repeat(53)}`],
  ['PBKDF2', `$pbkdf2-sha512$i=5000000${tail}`],
  ['scrypt', `$scrypt$ln=18,r=8,p=4${tail}`],
  ['phpass', `$P$F${'.'.repeat(30)}`],
])('the costliest %s hash that is read at all is below the highest floor a deployer can set', (_, text) => {
  expect(floorOf(text)).toBeGreaterThan(0)
  expect(floorOf(text)).toBeLessThanOrEqual(5000)
})

test.each([
  ['Django 6', `pbkdf2_sha256$1200000$saltsaltsalt$${'A'.repeat(43)}`, 400],
  ['Keycloak 24', `$pbkdf2-sha512$i=210000${tail}`, 250],
  ['Django, scrypt', `scrypt$16384$saltsaltsalt$8$5$${'A'.repeat(43)}`, 400],
  ['better-auth', `${'0'.repeat(32)}:${'0'.repeat(128)}`, 200],
  [
    'Firebase',
    `$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw,sk=${'A'.repeat(43)}$${'A'.repeat(22)}$${'A'.repeat(43)}`,
    200,
  ],
  ['WordPress', `$P$B${'.'.repeat(30)}`, 200],
])('what %s makes unless told otherwise fits below the floor by default', (_, text, floorMs) => {
  expect(floorOf(text)).toBe(floorMs)
  expect(floorMs).toBeLessThanOrEqual(policy.loginFloorMs)
})
