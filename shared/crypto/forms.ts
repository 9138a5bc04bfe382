/** All forms in which a hash made elsewhere is taken. Another one is another row. */
import { argon2Forms } from './forms/argon2.ts'
import { bcryptForms } from './forms/bcrypt.ts'
import type { Form, ParsedHash } from './forms/form.ts'
import { keycloakForms } from './forms/keycloak.ts'
import { likely } from './forms/others.ts'
import { pbkdf2Forms } from './forms/pbkdf2.ts'
import { phpassForms } from './forms/phpass.ts'
import { scryptForms } from './forms/scrypt.ts'

export type { Accepted, ParsedHash } from './forms/form.ts'

const forms: readonly Form[] = [
  ...argon2Forms,
  ...bcryptForms,
  ...pbkdf2Forms,
  ...scryptForms,
  ...phpassForms,
  ...keycloakForms,
]

const wayOut = 'leave passwordHash away, and the person sets a password by code'

function read(text: string): ParsedHash {
  for (const form of forms) {
    const match = form.pattern.exec(text)
    if (match) return form.read(match)
  }
  return { reason: `it is ${likely(text)}` }
}

/**
 * Takes an imported hash apart and holds it to policy.importLimits.
 * @param text in one of the forms above; docs/move-in.md lists them with the systems they come from
 * @returns its scheme and digest, or what it is, why it is not taken, and the way out
 */
export function parseHash(text: string): ParsedHash {
  const parsed = read(text)
  return parsed.reason === undefined ? parsed : { reason: `${parsed.reason}: ${wayOut}` }
}
