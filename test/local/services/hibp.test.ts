import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Services, startServices } from '#local/services/index.ts'

let services: Services
beforeAll(async () => {
  services = await startServices()
})
afterAll(() => services.close())

async function range(prefix: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${services.environment['HIBP_URL']}/range/${prefix}`, { headers })
  return { status: response.status, rows: (await response.text()).split('\r\n').filter((row) => row !== '') }
}

async function countOf(password: string, headers?: Record<string, string>): Promise<number> {
  const hash = createHash('sha1').update(password).digest('hex').toUpperCase()
  const { rows } = await range(hash.slice(0, 5), headers)
  const row = rows.find((text) => text.startsWith(`${hash.slice(5)}:`))
  return Number(row?.split(':')[1] ?? 0)
}

test.each(['password', '123456', 'Password123!', 'Violet-Harbour-1987!', 'Welcome123456!'])(
  '%s is in a breach',
  async (password) => {
    expect(await countOf(password)).toBeGreaterThan(0)
    expect(await countOf(password, { 'Add-Padding': 'true' })).toBeGreaterThan(0)
  },
)

test('a password nobody has used is in none', async () => {
  expect(await countOf('Vq7#tawny-Lantern-orbit')).toBe(0)
})

test('padding brings every answer to 800 to 1,000 well-formed rows, and adds none that counts', async () => {
  const plain = await range('5baa6')
  const padded = await range('5BAA6', { 'Add-Padding': 'true' })
  expect(padded.rows.length).toBeGreaterThanOrEqual(800)
  expect(padded.rows.length).toBeLessThanOrEqual(1000)
  for (const row of padded.rows) expect(row).toMatch(/^[0-9A-F]{35}:\d+$/)
  expect(padded.rows.filter((row) => !row.endsWith(':0')).sort()).toEqual([...plain.rows].sort())
})

test.each(['5BAA', '5BAA61', 'XYZ12'])('the prefix %s is refused', async (prefix) => {
  expect((await range(prefix)).status).toBe(400)
})
