/** Who is in the folder: each with a past of one kind, made through the routes of the version before. */
import { hash as argon2 } from '@node-rs/argon2'
import { hash as bcrypt } from '@node-rs/bcrypt'
import { type Client, must } from './client.ts'

export interface Person {
  readonly userId: string
  readonly email: string
  readonly username: string
  readonly phone: string
  /** The row as the team's backend puts it. */
  readonly row: Readonly<Record<string, unknown>>
  /** In clear, of the row's hash. */
  readonly password: string
}

/** The password that somebody's row was registered with. */
const registered = 'Copper-Lantern-58-Moss'
/** Chosen by a reset before the upgrade. */
export const chosenBefore = 'Slate-Orchard-19-Kite'
export const pinBefore = '482915'

const hashes = {
  argon2: () => argon2(registered, { memoryCost: 19_456, timeCost: 2, parallelism: 1 }),
  /** Other numbers than ours. */
  argon2Heavier: () => argon2(registered, { memoryCost: 65_536, timeCost: 3, parallelism: 4 }),
  bcrypt: () => bcrypt(registered, 10),
}
export type HashKind = keyof typeof hashes

/** Registers somebody. @param more fields of the row */
export async function register(
  client: Client,
  name: string,
  kind: HashKind = 'argon2',
  more: object = {},
): Promise<Person> {
  const number = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9_000_000, 7)
  const row = {
    email: `${name}@example.com`,
    username: `${name}-before`,
    phone: `+20101${1_000_000 + number}`,
    passwordHash: await hashes[kind](),
    ...more,
  }
  const userId = `u-${name}`
  await must(client.put(`/admin/identities/${userId}`, row))
  return { userId, row, password: registered, email: row.email, username: row.username, phone: row.phone }
}

/** A session of a password alone. */
export const sessionOf = async (client: Client, { username }: Person, password: string): Promise<string> =>
  String((await must(client.signIn(username, password)))['accessToken'])

/** Proves the phone in a session. */
export async function stepUp(client: Client, { phone }: Person, token: string): Promise<void> {
  const otp = await client.codeBy(phone, () => client.post('/api/auth/step-up/request', {}, token))
  await must(client.post('/api/auth/step-up/verify', { otp }, token))
}

/** A session with a proved phone, and a first PIN. */
export async function pinHolder(client: Client, person: Person): Promise<string> {
  const token = await sessionOf(client, person, person.password)
  await stepUp(client, person, token)
  await must(client.post('/api/consent', { document: 'loan-terms', version: '3' }, token))
  await must(client.post('/api/pin/set', { userId: person.userId, pin: pinBefore }, token))
  return token
}

export const pair = ({ username, phone }: Person) => ({ identifier: username, phone })

/** A code of the flow by email. */
export const emailCode = (client: Client, { email }: Person) =>
  client.codeBy(email, () => client.post('/auth/request-password-reset', { email }))

/** A reset by email, with the code. */
export async function resetByEmail(client: Client, person: Person, newPassword: string) {
  const otp = await emailCode(client, person)
  return client.post('/auth/reset-password', { email: person.email, otp, newPassword })
}

/** A reset by SMS: the code, then the token. */
export async function resetBySms(client: Client, person: Person, newPassword: string) {
  const resetToken = await smsToken(client, person)
  return client.post('/api/password-reset/reset', { ...pair(person), resetToken, newPassword })
}

export const smsCode = (client: Client, person: Person) =>
  client.codeBy(person.phone, () => client.post('/api/password-reset/request', pair(person)))

export async function smsToken(client: Client, person: Person): Promise<string> {
  const otp = await smsCode(client, person)
  const proved = await must(client.post('/api/password-reset/verify-otp', { ...pair(person), otp }))
  return String(proved['resetToken'])
}

/** The token of the link in the message about a reset. */
export async function linkOfReset(client: Client, person: Person): Promise<string> {
  const text = await client.sentBy(
    person.email,
    () => must(resetByEmail(client, person, chosenBefore)),
    /#\S{20,}/,
  )
  return String(/#([^\s"<]+)/.exec(text)?.[1])
}
