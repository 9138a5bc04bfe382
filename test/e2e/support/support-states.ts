/** Every state of the support page, one after another: for axe and for pictures. */
import { newIp, type TestIdentity, type World } from '#test/support/world.ts'
import type { Visit } from './visit.ts'

/** Somebody who cannot sign in any more, with the right password either. */
export async function lockedOut(world: World): Promise<TestIdentity> {
  const person = await world.identity()
  for (let wrong = 0; wrong < 11; wrong += 1)
    await world.post('/api/auth/login', { identifier: person.email, password: 'wrong' }, { ip: newIp() })
  await world.post('/api/auth/forgot-password', { email: person.email }, { ip: newIp() })
  await world.idle()
  return person
}

/** @param look is called in each state, with its name */
export async function walkSupportPage(
  visitor: Visit,
  person: TestIdentity,
  look: (state: string) => Promise<void>,
): Promise<void> {
  const { page, world } = visitor
  const find = async (who: string) => {
    await page.getByLabel('Whom do you look for?').fill(who)
    await page.keyboard.press('Enter')
  }
  await world.post(`/admin/identities/${person.userId}/suspend`, { reason: `${'long '.repeat(60)}مسروق` })
  await world.idle()
  await visitor.open('/_local/support')
  await look('empty')
  await find('nobody')
  await visitor.sees('Nobody is known')
  await look('nobody')
  await find(person.username)
  await page.locator('.person').waitFor()
  await look('person')
  await page.locator('.entry summary').first().click()
  await visitor.button('Save a receipt').click()
  await visitor.sees('No checkpoint covers this entry yet')
  await look('entry')
  await visitor.button('Show email and phone').click()
  await page.getByText(/Entry \d+ of the ledger says so/).waitFor()
  await look('addresses')
  await visitor.button('Resume …').click()
  await look('dialog')
  await page.locator('dialog').getByRole('button', { name: 'Resume' }).click()
  await visitor.sees('Type the reason first.')
  await look('dialog-refused')
  await page.getByLabel('Reason').fill('found in the other coat')
  await page.locator('dialog').getByRole('button', { name: 'Resume' }).click()
  await page.getByText(/says so, with your reason/).waitFor()
  await look('done')
}
