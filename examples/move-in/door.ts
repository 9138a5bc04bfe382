/**
 * A team's own door for people who are not here yet, or not with a password: it asks the old system whether the password is
 * right there, and registers them with it. Meant for systems that give no hashes away; nothing else of Latchkey's needs it.
 */
import { randomBytes, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import type { Send } from '../register/people.ts'

/** Somebody of the old system, as Latchkey is to know them. */
export interface OldPerson {
  readonly userId: string
  readonly email?: string
  readonly username?: string
  readonly phone?: string
  readonly locale?: string
}

/** The old system's sign-in, with its own limits on guesses. @returns whose password it is; undefined for all else */
export type OldSignIn = (identifier: string, password: string) => Promise<OldPerson | undefined>

const cost = { N: 2 ** 14, r: 8, p: 1 }
const hashOf = promisify<string, Buffer, number, typeof cost, Buffer>(scrypt)
const base64 = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')

/** A form that Latchkey reads, and replaces by its own at the next sign-in. */
async function passwordHash(password: string): Promise<string> {
  const salt = randomBytes(16)
  return `$scrypt$ln=14,r=8,p=1$${base64(salt)}$${base64(await hashOf(password, salt, 32, cost))}`
}

/** What Latchkey says of somebody, as far as it matters here. */
interface Known {
  readonly status: string
  readonly hasPassword: boolean
  readonly resetRequired: boolean
}

/** Whoever has chosen a password here, was told to, or is suspended has nothing more to bring. */
const mayBring = (known: Known | undefined) =>
  known === undefined || (known.status === 'active' && !known.hasPassword && !known.resetRequired)

/**
 * @param url of Latchkey's API
 * @param send signs in AWS (examples/register/signed-fetch.ts)
 */
export function door(url: string, send: Send, oldSignIn: OldSignIn) {
  const at = (userId: string) =>
    new URL(`${url.replace(/\/+$/, '')}/admin/identities/${encodeURIComponent(userId)}`)

  async function known(userId: string): Promise<Known | undefined> {
    const response = await send(at(userId), { method: 'GET', headers: {} })
    if (response.status === 404) return undefined
    if (!response.ok) throw new Error(`Latchkey answered ${response.status}`)
    return ((await response.json()) as { data: Known }).data
  }

  /** @returns whether the same identifier and password let them in at Latchkey from now on */
  return async function moveIn(identifier: string, password: string): Promise<boolean> {
    const person = await oldSignIn(identifier, password)
    if (person === undefined) return false
    const { userId, ...fields } = person
    const here = await known(userId)
    if (!mayBring(here)) return false
    // Of somebody who is here already the old system has nothing to say but the password.
    const body = { ...(here === undefined && fields), passwordHash: await passwordHash(password) }
    const headers = { 'content-type': 'application/json' }
    const response = await send(at(userId), { method: 'PUT', headers, body: JSON.stringify(body) })
    // 409: an address of theirs is somebody else's here. Support finds out whose.
    if (!response.ok && response.status !== 409) throw new Error(`Latchkey answered ${response.status}`)
    return response.ok
  }
}
