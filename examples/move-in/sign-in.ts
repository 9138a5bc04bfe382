/** A page's sign-in while people move in: Latchkey first, the team's door only for whom it does not let in. */
import type { Client } from 'latchkey/client'

/** @param knock asks the team's own door (door.ts) whether it has moved the person in */
export async function signInMoving(
  latchkey: Client,
  body: { identifier: string; password: string },
  knock: (identifier: string, password: string) => Promise<boolean>,
) {
  const first = await latchkey.call('login', { body })
  if (first.ok || first.code !== 'CREDENTIALS_INVALID') return first
  return (await knock(body.identifier, body.password)) ? latchkey.call('login', { body }) : first
}
