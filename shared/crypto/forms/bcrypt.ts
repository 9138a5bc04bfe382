/** bcrypt, plain and of a password that was hashed before, so that all of it is read. */
import { policy } from '../../policy.ts'
import { fromBase64, fromBcryptBase64, toBcryptBase64 } from '../base64.ts'
import type { BcryptScheme, Prehash } from '../scheme.ts'
import { type Form, notBase64, type ParsedHash } from './form.ts'

const { bcryptCost } = policy.importLimits
const saltBytes = 16
const digestBytes = 23

const modular = '\\$2[aby]\\$([0-9]{2})\\$([./A-Za-z0-9]{22})([./A-Za-z0-9]{31})$'

type Before = Pick<BcryptScheme, 'prehash' | 'pepper'>

function hashOf(costText: string, salt: string, digest: Buffer, before: Before = {}): ParsedHash {
  const cost = Number(costText)
  if (cost < 4 || cost > bcryptCost) return { reason: `its cost is not 4 to ${bcryptCost}` }
  const scheme: BcryptScheme = { algorithm: 'bcrypt', cost, salt, ...before }
  return { scheme, digest }
}

const form = (pattern: string, prehash?: Prehash): Form => ({
  pattern: new RegExp(pattern),
  read: ([, cost = '', salt = '', digest = '']) =>
    hashOf(cost, salt, fromBcryptBase64(digest), prehash && { prehash }),
})

/** Nothing in a hash of Devise tells of its pepper, so the form is ours. Of what is longer bcrypt reads no more. */
const peppered: Form = {
  pattern: new RegExp(`^\\{pepper:([A-Za-z0-9_-]{2,96})\\}${modular}`),
  read: ([, pepper = '', cost = '', salt = '', digest = '']) =>
    hashOf(cost, salt, fromBcryptBase64(digest), { pepper }),
}

/** Of 22 characters the last one holds two bits: which ones tells which alphabet it is. */
const isBcryptAlphabet = (salt: string) => /[.Oeu]$/.test(salt)

/** By the letter of PHC: base64 of salt and digest, in the standard alphabet or in bcrypt's. */
function readPhc([, cost = '', saltText = '', digestText = '']: RegExpExecArray): ParsedHash {
  if (isBcryptAlphabet(saltText)) return hashOf(cost, saltText, fromBcryptBase64(digestText))
  const salt = fromBase64(saltText)
  const digest = fromBase64(digestText)
  if (salt?.length !== saltBytes || digest?.length !== digestBytes) return notBase64
  return hashOf(cost, toBcryptBase64(salt), digest)
}

export const bcryptForms: readonly Form[] = [
  // `bcrypt$` is Django's BCryptPasswordHasher, `{bcrypt}` Spring Security's.
  form(`^(?:\\{bcrypt\\}|bcrypt\\$)?${modular}`),
  peppered,
  // Django's BCryptSHA256PasswordHasher.
  form(`^bcrypt_sha256\\$${modular}`, 'sha256-hex'),
  // WordPress since 6.8.
  form(`^\\$wp${modular}`, 'wordpress'),
  // passlib's bcrypt_sha256, version 2 and 1.
  form(
    '^\\$bcrypt-sha256\\$v=2,t=2[ab],r=([0-9]{1,2})\\$([./A-Za-z0-9]{22})\\$([./A-Za-z0-9]{31})$',
    'hmac-sha256-base64',
  ),
  form(
    '^\\$bcrypt-sha256\\$2[ab],([0-9]{1,2})\\$([./A-Za-z0-9]{22})\\$([./A-Za-z0-9]{31})$',
    'sha256-base64',
  ),
  {
    pattern: /^\$bcrypt(?:\$v=98)?\$r=([0-9]{1,2})\$([./+A-Za-z0-9]{22})\$([./+A-Za-z0-9]{31})$/,
    read: readPhc,
  },
]
