/** The test accounts, where the settings are not as they come. */
import { expect, test } from 'vitest'
import { useWorld } from '#test/support/use-world.ts'

const world = useWorld({ seed: true, settings: { SMS_COUNTRIES: 'EG, US' } })

test('are there where SMS go to other countries: who would sign in with a code signs in without', async () => {
  const found = await world.get('/admin/identities/u-vikram')
  expect(found.body.data).toMatchObject({ username: 'vikramsingh', mfaEnabled: false })
  const login = { identifier: 'vikramsingh', password: 'password123' }
  expect((await world.post('/api/auth/login', login)).body.data).toMatchObject({ mfaRequired: false })
})
