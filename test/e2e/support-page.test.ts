/** The support page: on the local stack, and by `latchkey console` with the same stack behind it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseReceipt, verifyReceipt } from '#shared/ledger/receipt.ts'
import { entriesOf } from '#test/support/entries.ts'
import { useWorld } from '#test/support/use-world.ts'
import { newIp, type TestIdentity } from '#test/support/world.ts'
import { serveConsole } from '../../cli/console/serve.ts'
import { keysIn } from '../../cli/export-files.ts'
import { catalogue as en } from '../../web/texts/en.ts'
import { findings } from './support/axe.ts'
import { lockedOut, walkSupportPage } from './support/support-states.ts'
import { desktop, type OpenedBrowser, openBrowser, type Visit, visit } from './support/visit.ts'

const world = useWorld()
const token = 'a-token-that-only-this-test-knows'
let opened: OpenedBrowser
let served: Awaited<ReturnType<typeof serveConsole>>
beforeAll(async () => {
  process.env['API_URL'] = world.url
  served = await serveConsole(0, { token, where: 'the API of this test, as its author', isLocal: true })
  opened = await openBrowser()
})
afterAll(async () => {
  await opened.close()
  await served.close()
  delete process.env['API_URL']
})

const places = {
  'the local stack': () => `${world.url}/_local/support`,
  'latchkey console': () => `${served.url}/#token=${token}`,
} as const
const named = (Object.keys(places) as (keyof typeof places)[]).map((place) => ({ place }))

const newVisit = (look: { size?: { width: number; height: number }; colorScheme?: 'light' | 'dark' } = {}) =>
  visit(opened.browser, world, { catalogue: en, ...look })

/** Presses Tab until the focus is on a button of that name. */
async function tabTo({ page }: Visit, name: string): Promise<void> {
  for (let stops = 0; stops < 40; stops += 1) {
    await page.keyboard.press('Tab')
    const at = await page.evaluate('document.activeElement.textContent')
    if (at === name) return
  }
  throw new Error(`Tab does not lead to ${name}`)
}

const signIn = async ({ email, password }: TestIdentity) =>
  (await world.post('/api/auth/login', { identifier: email, password }, { ip: newIp() })).status

test.each(named)(
  '$place: by keyboard alone somebody is found, unlocked with a reason, and the entry is seen',
  async ({ place }) => {
    const person = await lockedOut(world)
    expect(await signIn(person)).toBe(429)
    const visitor = await newVisit()
    const { page } = visitor
    await page.goto(places[place]())
    await page.keyboard.type(person.email)
    await page.keyboard.press('Enter')
    await page.locator('.person h2:focus', { hasText: person.userId }).waitFor()
    const hinders = page.locator('.chips')
    await hinders.getByText('A limit refused somebody: ten wrong passwords in a quarter of an hour').waitFor()
    expect(page.url()).not.toContain('example.com')
    expect(page.url()).not.toContain(token)
    await tabTo(visitor, 'Unlock …')
    await page.keyboard.press('Enter')
    await page.locator('textarea:focus').waitFor()
    await tabTo(visitor, 'Unlock')
    await page.keyboard.press('Enter')
    await visitor.sees('Type the reason first.')
    await page.locator('textarea:focus[aria-invalid=true]').waitFor()
    await page.keyboard.type('called from work, ticket 4711')
    await tabTo(visitor, 'Unlock')
    await page.keyboard.press('Enter')
    await page.getByText(/Entry \d+ of the ledger says so, with your reason/).waitFor()
    const entry = page.locator('li.new')
    expect(await entry.textContent()).toContain('Freezes, limits and locks were lifted')
    expect(await entry.textContent()).toContain('Reason: called from work, ticket 4711')
    expect(await entry.textContent()).toContain('by arn:aws:iam::000000000000:user/local')
    await visitor.sees('No lock, no freeze and no limit stands in the way.')
    expect(await page.locator('dialog').count()).toBe(0)
    expect(await signIn(person)).toBe(200)
    expect(visitor.complaints).toEqual([])
    await visitor.close()
  },
)

describe('one person', () => {
  test('email and phone are masked until a click, which the ledger has', async () => {
    const { userId, email, phone } = await world.identity()
    const visitor = await newVisit()
    const { page } = visitor
    await page.goto(`${world.url}/_local/support#user=${userId}`)
    await page.locator('.person h2', { hasText: userId }).waitFor()
    expect(await page.locator('main').textContent()).not.toContain(phone)
    await page.getByRole('button', { name: 'Show email and phone' }).click()
    await page.getByText('Addresses were shown to support in clear: email, phone').waitFor()
    for (const address of [email, phone])
      expect(await page.locator('dl').first().textContent()).toContain(address)
    expect((await entriesOf(world, userId)).at(-1)).toMatchObject({ type: 'ADDRESSES_SHOWN' })
    await visitor.close()
  })

  test('each act changes how they stand, and Escape does none', async () => {
    const { userId } = await world.identity()
    const visitor = await newVisit()
    const { page } = visitor
    await page.goto(`${world.url}/_local/support#user=${userId}`)
    const act = async (name: string, reason: string) => {
      await visitor.button(`${name} …`).click()
      await page.getByLabel('Reason').fill(reason)
      await page.locator('dialog').getByRole('button', { name }).click()
      await page.locator('li.new', { hasText: reason }).waitFor()
    }
    await visitor.button('Suspend …').click()
    await page.keyboard.press('Escape')
    await act('Suspend', 'وجدت الهاتف مسروقا')
    await page.getByText('status: suspended').waitFor()
    const note = page.locator('li.new bdi', { hasText: 'وجدت' })
    expect(await note.evaluate((element) => getComputedStyle(element).unicodeBidi)).toBe('isolate')
    await act('Resume', 'it was found')
    await page.getByText('No lock, no freeze').waitFor()
    await act('Require a reset', 'was read over a shoulder')
    await page.getByText('sign-in: closed until the password is reset').waitFor()
    await act('Sign out everywhere', 'lost a laptop')
    const entries = await entriesOf(world, userId)
    expect(entries.map(({ note }) => note).filter(Boolean)).toHaveLength(4)
    await visitor.close()
  })

  test('the reference in a message leads to the person and to what it told of', async () => {
    const person = await world.identity()
    await world.post(`/admin/identities/${person.userId}/require-reset`)
    await world.idle()
    const [, reference = ''] = /Reference: (\S+)/.exec(world.messages(person.email).at(-1)?.text ?? '') ?? []
    const visitor = await newVisit()
    const { page } = visitor
    await page.goto(places['the local stack']())
    await page.keyboard.type(reference.toLowerCase())
    await page.keyboard.press('Enter')
    const told = page.locator('li', { hasText: `The message with the reference ${reference} told of this:` })
    expect(await told.textContent()).toContain('The password was made unusable until it is reset')
    await visitor.close()
  })

  test('the receipt of an entry is saved once a checkpoint covers it, and verifies', async () => {
    const { userId } = await world.identity()
    await world.idle()
    const visitor = await newVisit()
    const { page } = visitor
    await page.goto(`${world.url}/_local/support#user=${userId}`)
    await page.getByText('Entry 1', { exact: true }).click()
    await visitor.button('Save a receipt').click()
    await visitor.sees('No checkpoint covers this entry yet')
    await world.advance(301)
    const download = page.waitForEvent('download')
    await visitor.button('Save a receipt').click()
    const saved = await download
    expect(saved.suggestedFilename()).toBe(`receipt-${userId}-1.json`)
    const chunks: Buffer[] = []
    for await (const chunk of await saved.createReadStream()) chunks.push(chunk)
    const receipt = parseReceipt(Buffer.concat(chunks).toString())
    expect(receipt.entries[0]).toEqual((await entriesOf(world, userId))[0])
    expect(verifyReceipt(receipt, keysIn(receipt.publicKey, 'receipt'))).toEqual(receipt.entries[0])
    await visitor.close()
  })

  test('nobody is told as nobody, and what the service says as a sentence', async () => {
    const visitor = await newVisit()
    const { page } = visitor
    await page.goto(places['the local stack']())
    const search = async (who: string) => {
      await page.getByLabel('Whom do you look for?').fill(who)
      await page.keyboard.press('Enter')
    }
    await search('nobody@example.com')
    await visitor.sees('Nobody is known by "nobody@example.com".')
    await world.post('/_local/faults', {
      service: 'dynamodb',
      mode: 'fail-before',
      count: 60,
      function: 'find-identity',
    })
    await search('somebody@example.com')
    await page
      .getByRole('alert')
      .getByText(/\(Request [\w-]+\.\)/)
      .waitFor()
    await world.post('/_local/faults', { count: 0 })
    await visitor.close()
  })
})

describe('the console', () => {
  test('says whose people these are, keeps its token over a reload and out of the address', async () => {
    const visitor = await newVisit()
    const { page } = visitor
    await page.goto(places['latchkey console']())
    await visitor.sees('the API of this test, as its author')
    expect(page.url()).toBe(`${served.url}/`)
    await page.reload()
    await visitor.sees('the API of this test, as its author')
    expect(await visitor.context.cookies()).toEqual([])
    await visitor.close()
  })

  test('without its token the page says where to find it, and shows nobody', async () => {
    const { email } = await world.identity()
    const visitor = await newVisit()
    const { page } = visitor
    await page.goto(served.url)
    await visitor.sees('Open the address that “latchkey console” printed')
    await page.getByLabel('Whom do you look for?').fill(email)
    await page.keyboard.press('Enter')
    await visitor.sees('Open the address that “latchkey console” printed')
    expect(await page.locator('.person').count()).toBe(0)
    await visitor.close()
  })
})

const looks = [
  { size: desktop, colorScheme: 'light' },
  { size: { width: 360, height: 740 }, colorScheme: 'dark' },
] as const

test.each(looks)(
  '$size.width px, $colorScheme: axe finds nothing in any state, and nothing is cut off',
  async (look) => {
    const visitor = await newVisit(look)
    await walkSupportPage(visitor, await lockedOut(world), async (state) => {
      expect([state, await findings(visitor)]).toEqual([state, []])
      const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
      expect([state, await visitor.page.evaluate(overflow)]).toEqual([state, 0])
    })
    expect(visitor.complaints).toEqual([])
    await visitor.close()
  },
)
