/** The credential key is gone: what docs/runbook.md says to do then, with challenges and sessions emptied as it says elsewhere, and that people come in again. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Client, clientOf, must } from '../upgrade/client.ts'
import { type Person, pinHolder, resetByEmail, resetBySms } from '../upgrade/people.ts'
import { here, start } from '../upgrade/version.ts'
import { answers, type Held } from './held.ts'
import { scripts } from './page.ts'
import type { Past } from './past.ts'
import { shell, whileStopped } from './world.ts'

const chosenAnew = 'Birch-Anchor-31-Dune'

/** What KMS does with it in the end. The stack makes another one as it starts, as a deployment with a further version does. */
function loseKey(dataDir: string): void {
  const file = join(dataDir, 'kms-keys.json')
  const keys = JSON.parse(readFileSync(file, 'utf8')) as readonly { readonly alias: string }[]
  const left = keys.filter(({ alias }) => alias !== 'alias/latchkey-credential')
  if (left.length === keys.length) throw new Error('There is no credential key to lose')
  writeFileSync(file, JSON.stringify(left))
}

async function within<T>(dataDir: string, work: (client: Client) => Promise<T>): Promise<T> {
  const stack = await start(here, dataDir)
  try {
    return await work(clientOf(stack.url, () => undefined))
  } finally {
    await stack.stop()
  }
}

const held = (says: string, wanted: string, said: Parameters<typeof answers>[3]) =>
  answers('key_lost', says, wanted, said)

const signIn = (client: Client, { username }: Person, password: string) => client.signIn(username, password)

async function comeIn(client: Client, { keeper, texted, pinned }: Past): Promise<Held[]> {
  // Codes that were asked for before are no reason to wait.
  await client.advance(120)
  const all = [
    await held(
      'the password of before is gone',
      'CREDENTIALS_INVALID',
      signIn(client, keeper, keeper.password),
    ),
    await held('a reset by email', 'OK', resetByEmail(client, keeper, chosenAnew)),
    await held('a sign-in after it', 'OK', signIn(client, keeper, chosenAnew)),
    await held('a reset by SMS', 'OK', resetBySms(client, texted, chosenAnew)),
  ]
  await must(resetByEmail(client, pinned, chosenAnew))
  const set = pinHolder(client, { ...pinned, password: chosenAnew })
  const done = await set.then(
    () => 'OK',
    (error: Error) => error.message,
  )
  return [...all, { group: 'key_lost', says: 'a PIN is set anew, as the first', wanted: 'OK', got: done }]
}

/** @param folders of the stack's data, and where the shell of the page runs */
export async function keyLost(
  { data, shell: folder }: { readonly data: string; readonly shell: string },
  past: Past,
): Promise<Held[]> {
  loseKey(data)
  const before = await within(data, (client) =>
    held('until then sign-in answers 503', 'UNAVAILABLE', signIn(client, past.keeper, past.keeper.password)),
  )
  const left = await whileStopped(data, async (environment) => {
    const given = { ...environment, AWS_DEFAULT_REGION: environment['AWS_REGION'] ?? '' }
    await shell(scripts().takeSealsOut, folder, given)
    return shell(scripts().emptyTables, folder, given)
  })
  const emptied = {
    ...{ group: 'key_lost', says: 'challenges and sessions are empty' },
    ...{ wanted: '0 0', got: left.trim().split(/\s+/).join(' ') },
  }
  return [before, emptied, ...(await within(data, (client) => comeIn(client, past)))]
}
