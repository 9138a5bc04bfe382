/** Sealing and checking of passwords and PINs: the slow hash, then a KMS MAC over it. */
import { randomBytes } from 'node:crypto'
import { settings } from '../settings.ts'
import { matches } from './compare.ts'
import { digest, newSalt } from './hashing.ts'
import { nativeScheme, schemeKey } from './scheme.ts'
import {
  bytesToHash,
  isNative,
  type Sealed,
  type SealedPassword,
  type SealedPin,
  type SealUse,
  sealDigest,
  sealMac,
} from './sealed.ts'

type Maker = Pick<Sealed, 'scheme' | 'keyId' | 'imported'>

/** Names what a secret was hashed with: the scheme, and which bytes of it. */
const hashKey = ({ scheme, imported }: Maker) =>
  `${imported === true ? 'typed' : 'NFKC'} ${schemeKey(scheme)}`
/** Names what a MAC was made with. */
const makerKey = (maker: Maker) => `${maker.keyId} ${hashKey(maker)}`

const hash = (secret: string, maker: Maker) => digest(maker.scheme, bytesToHash(secret, maker))

/** All of an identity's secrets of one use share a salt, so that one hash is checked against each of them. */
const saltOf = (values: readonly Sealed[]) => values.find(isNative)?.scheme.salt ?? newSalt()

async function seal(
  use: SealUse,
  userId: string,
  secret: string,
  others: readonly Sealed[],
): Promise<Sealed> {
  const scheme = nativeScheme(saltOf(others))
  return sealDigest(use, userId, scheme, await digest(scheme, bytesToHash(secret, { scheme })))
}

/** One hash and one KMS call, whatever the outcome. */
async function verify(use: SealUse, userId: string, secret: string, sealed: Sealed): Promise<boolean> {
  const mac = await sealMac(sealed.keyId, use, userId, await hash(secret, sealed))
  return matches(mac, Buffer.from(sealed.mac, 'base64'))
}

/**
 * The MACs of one secret by several makers: a hash for each scheme, a KMS call for each key under it.
 * One after the other, since imported schemes may take much memory each.
 */
async function macsBy(use: SealUse, userId: string, secret: string, makers: readonly Maker[]) {
  const macs = new Map<string, Buffer>()
  const hashed = new Map<string, Buffer>()
  for (const maker of makers) {
    if (macs.has(makerKey(maker))) continue
    const key = hashKey(maker)
    const value = hashed.get(key) ?? (await hash(secret, maker))
    hashed.set(key, value)
    macs.set(makerKey(maker), await sealMac(maker.keyId, use, userId, value))
  }
  return macs
}

/** Seals a new secret and tells whether it is one of the old ones. */
async function reseal(use: SealUse, userId: string, secret: string, old: readonly Sealed[]) {
  const maker = { scheme: nativeScheme(saltOf(old)), keyId: settings().KEY_CREDENTIAL }
  const macs = await macsBy(use, userId, secret, [maker, ...old])
  const macOf = (by: Maker) => macs.get(makerKey(by)) ?? Buffer.alloc(0)
  const same = old.map((sealed) => matches(macOf(sealed), Buffer.from(sealed.mac, 'base64')))
  return { sealed: { ...maker, mac: macOf(maker).toString('base64') }, same: same.includes(true) }
}

/**
 * Seals a password that is known to be right, such as an imported one at a login: one hash, one KMS call.
 * @param others the identity's other sealed passwords, whose salt it takes over
 * @throws Unavailable
 */
export function sealPassword(
  userId: string,
  password: string,
  others: readonly SealedPassword[] = [],
): Promise<SealedPassword> {
  return seal('password', userId, password, others)
}

/** Checks a password, under the key it was sealed with: one hash, one KMS call. @throws Unavailable */
export function verifyPassword(userId: string, password: string, sealed: SealedPassword): Promise<boolean> {
  return verify('password', userId, password, sealed)
}

/**
 * A sealed password that no password matches, but that costs the same to check: for identities that do not exist.
 */
export function decoyPassword(): SealedPassword {
  return {
    scheme: nativeScheme(newSalt()),
    keyId: settings().KEY_CREDENTIAL,
    mac: randomBytes(32).toString('base64'),
  }
}

/**
 * Seals a new password and compares it with the current one and the history. One hash and one KMS call where all of
 * them were hashed here under the same key; one hash more for each imported one, one call more for each older key.
 * @throws Unavailable
 */
export async function resealAndCompare(
  userId: string,
  newPassword: string,
  current: SealedPassword | undefined,
  history: readonly SealedPassword[],
): Promise<{ readonly sealed: SealedPassword; readonly reused: boolean }> {
  const old = current === undefined ? history : [current, ...history]
  const { sealed, same } = await reseal('password', userId, newPassword, old)
  return { sealed, reused: same }
}

/** Seals a first PIN: one hash, one KMS call. @throws Unavailable */
export function sealPin(userId: string, pin: string): Promise<SealedPin> {
  return seal('pin', userId, pin, [])
}

/** Checks a PIN: one hash, one KMS call. @throws Unavailable */
export function verifyPin(userId: string, pin: string, sealed: SealedPin): Promise<boolean> {
  return verify('pin', userId, pin, sealed)
}

/** Seals a new PIN and tells whether it is the old one: one hash, one KMS call. @throws Unavailable */
export function resealPin(
  userId: string,
  newPin: string,
  current: SealedPin,
): Promise<{ readonly sealed: SealedPin; readonly same: boolean }> {
  return reseal('pin', userId, newPin, [current])
}
