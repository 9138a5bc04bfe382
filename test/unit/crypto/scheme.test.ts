import { expect, test } from 'vitest'
import { parseHash } from '#shared/crypto/forms.ts'
import { newSalt } from '#shared/crypto/hashing.ts'
import { floorNeededMs, nativeScheme, type Scheme } from '#shared/crypto/scheme.ts'
import { policy } from '#shared/policy.ts'

const bcrypt = (cost: number): Scheme => ({ algorithm: 'bcrypt', cost, salt: 'a'.repeat(22) })
const argon2 = (memoryKiB: number, passes: number): Scheme => ({
  ...nativeScheme(newSalt()),
  memoryKiB,
  passes,
})

test('a hash of our own needs no floor, nor one that costs less', () => {
  expect(floorNeededMs(nativeScheme(newSalt()))).toBe(0)
  expect(floorNeededMs(bcrypt(4))).toBe(0)
  expect(floorNeededMs(argon2(4096, 3))).toBe(0)
})

test('the floor by default covers what systems make unless told otherwise, and no cost beyond', () => {
  for (const usual of [bcrypt(10), bcrypt(12), argon2(65_536, 3), argon2(65_536, 4), argon2(47_104, 1)])
    expect(floorNeededMs(usual)).toBeLessThanOrEqual(policy.loginFloorMs)
  expect(floorNeededMs(bcrypt(13))).toBeGreaterThan(policy.loginFloorMs)
  expect(floorNeededMs(argon2(262_144, 3))).toBeGreaterThan(policy.loginFloorMs)
})

test('the floor needed grows with each parameter that costs time', () => {
  expect([10, 11, 12, 13, 14].map((cost) => floorNeededMs(bcrypt(cost)))).toEqual([200, 300, 450, 850, 1650])
  expect(floorNeededMs(argon2(131_072, 4))).toBeGreaterThan(floorNeededMs(argon2(65_536, 4)))
  expect(floorNeededMs(argon2(131_072, 4))).toBeGreaterThan(floorNeededMs(argon2(131_072, 2)))
})

test('the costliest hash that is read at all is below the highest floor a deployer can set', () => {
  const costliest = parseHash(`$argon2id$v=19$m=262144,t=10,p=8$${'A'.repeat(22)}$${'A'.repeat(43)}`)
  if (!('scheme' in costliest)) throw new Error(costliest.reason)
  expect(floorNeededMs(costliest.scheme)).toBeLessThanOrEqual(5000)
})
