/** Who is there at the moment that is come back to, and what happens after it. */

import { openSignIn } from '../upgrade/before.ts'
import { type Client, must } from '../upgrade/client.ts'
import {
  chosenBefore,
  emailCode,
  linkOfReset,
  type Person,
  pair,
  pinHolder,
  register,
  resetByEmail,
  sessionOf,
  smsCode,
  smsToken,
} from '../upgrade/people.ts'

/** Chosen after the moment, so undone. */
export const undonePassword = 'Juniper-Gate-64-Cliff'
export const undonePin = '730264'

export interface Faults {
  hold(fault: { readonly service: string; readonly function: string }): Promise<void>
  clear(): Promise<void>
}

/** All that stands at the moment: sessions, codes and tokens that wait, and rows that no worker has taken. */
export async function before(client: Client) {
  const keeper = await register(client, 'restore-keeper')
  const keeperToken = await sessionOf(client, keeper, keeper.password)
  const changed = await register(client, 'restore-changed')
  const changedToken = await sessionOf(client, changed, changed.password)
  const settled = await register(client, 'restore-settled')
  await must(resetByEmail(client, settled, chosenBefore))
  const pinned = await register(client, 'restore-pinned')
  const pinnedToken = await pinHolder(client, pinned)
  const repinned = await register(client, 'restore-repinned')
  await pinHolder(client, repinned)
  const suspended = await register(client, 'restore-suspended')
  const erased = await register(client, 'restore-erased')
  const coded = await register(client, 'restore-coded')
  const code = await emailCode(client, coded)
  const used = await register(client, 'restore-used')
  const usedCode = await emailCode(client, used)
  const texted = await register(client, 'restore-texted')
  const textedCode = await smsCode(client, texted)
  const proved = await register(client, 'restore-proved')
  const resetToken = await smsToken(client, proved)
  const signingIn = await register(client, 'restore-signing-in', 'argon2', { mfaEnabled: true })
  const signIn = await openSignIn(client, signingIn, signingIn.password)
  const linked = await register(client, 'restore-linked')
  const link = await linkOfReset(client, linked)
  return {
    ...{ keeper, keeperToken, changed, changedToken, settled, pinned, pinnedToken, repinned },
    ...{ suspended, erased, coded, code, used, usedCode, texted, textedCode, proved, resetToken },
    ...{ signingIn, signIn, linked, link },
  }
}
export type Past = Awaited<ReturnType<typeof before>>

/** Rows that stand in the outbox at the moment, and are entered after it. */
export async function leaveInOutbox(client: Client, { keeper }: Past, faults: Faults): Promise<void> {
  await faults.hold({ service: 'dynamodb', function: 'append-ledger' })
  for (let times = 0; times < 3; times += 1) await client.signIn(keeper.username, 'Wrong-Harbour-33-Fern')
}

const adminPath = ({ userId }: Person) => `/admin/identities/${userId}`

/** What the restore undoes. The last of it waits in the outbox as the tables are lost. */
export async function after(client: Client, past: Past, faults: Faults) {
  const { changed, repinned, suspended, erased, used, keeper } = past
  await must(resetByEmail(client, changed, undonePassword))
  const byCode = { email: used.email, otp: past.usedCode, newPassword: undonePassword }
  await must(client.post('/auth/reset-password', byCode))
  const { phone } = repinned
  const otp = await client.codeBy(phone, () => client.post('/api/pin/reset/request', { phone }))
  await must(client.post('/api/pin/reset', { phone, otp, newPin: undonePin }))
  await must(client.post(`${adminPath(suspended)}/suspend`))
  await must(client.delete(adminPath(erased)))
  const newcomer = await register(client, 'restore-newcomer')
  const lateToken = await sessionOf(client, keeper, keeper.password)
  const lateCode = await emailCode(client, keeper)
  return { newcomer, lateToken, lateCode, holdLast: () => unheard(client, past, faults) }
}
export type Undone = Awaited<ReturnType<typeof after>>

/** Answered, and in the outbox alone: with the outbox it is lost. */
async function unheard(client: Client, { keeper }: Past, faults: Faults): Promise<void> {
  await faults.hold({ service: 'dynamodb', function: 'append-ledger' })
  await client.signIn(keeper.username, 'Wrong-Harbour-33-Fern')
}

export const resetWith = (client: Client, person: Person, otp: string) =>
  client.post('/auth/reset-password', { email: person.email, otp, newPassword: 'Violet-Quarry-27-Elm' })

export const resetPair = (client: Client, person: Person, resetToken: string) =>
  client.post('/api/password-reset/reset', {
    ...pair(person),
    resetToken,
    newPassword: 'Violet-Quarry-27-Elm',
  })
