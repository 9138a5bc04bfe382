/** What is remembered of the hash that was put last. */
import { beforeEach, expect, test, vi } from 'vitest'
import { seedPasswordHash } from '#local/seed.ts'
import { parseHash } from '#shared/crypto/forms.ts'
import { generateMac } from '#shared/crypto/kms.ts'
import { isImportOf, isPutHash, putHash } from '#shared/crypto/put-hash.ts'
import { verifyPassword } from '#shared/crypto/seal.ts'
import { sealImported } from '#shared/crypto/sealed.ts'
import { settings } from '#shared/settings.ts'
import { fakeKms } from './fake-kms.ts'

const { answer, calls } = fakeKms()

const parsed = parseHash(seedPasswordHash)
if (parsed.reason !== undefined) throw new Error(parsed.reason)

beforeEach(answer)

test('it is that text of that person alone, told in one call', async () => {
  const last = await putHash('u-1', seedPasswordHash)
  answer()
  expect(await isPutHash('u-1', seedPasswordHash, last)).toBe(true)
  expect(calls()).toHaveLength(1)
  expect(await isPutHash('u-1', `${seedPasswordHash} `, last)).toBe(false)
  expect(await isPutHash('u-2', seedPasswordHash, last)).toBe(false)
})

test('it is compared under the key it was made with, whatever seals new ones', async () => {
  const last = await putHash('u-1', seedPasswordHash)
  const rotated = vi.spyOn(settings(), 'KEY_CREDENTIAL', 'get').mockReturnValue('key-of-today')
  answer()
  expect(await isPutHash('u-1', seedPasswordHash, last)).toBe(true)
  expect(calls().map(({ KeyId }) => KeyId)).toEqual(['key-credential'])
  expect((await putHash('u-1', seedPasswordHash)).keyId).toBe('key-of-today')
  rotated.mockRestore()
})

test('moved into the place of a password it opens nothing, even over the same bytes', async () => {
  const sealed = await sealImported('u-1', parsed)
  const { keyId, mac } = await putHash('u-1', seedPasswordHash)
  const moved = { ...sealed, keyId, mac }
  for (const password of ['password123', seedPasswordHash])
    expect(await verifyPassword('u-1', password, moved)).toBe(false)
  const asText = await generateMac('key-credential', 'put-hash', ['u-1', seedPasswordHash])
  expect(mac).toBe(asText.toString('base64'))
  const asPutHash = await generateMac('key-credential', 'put-hash', ['u-1', parsed.digest])
  expect(asPutHash.toString('base64')).not.toBe(sealed.mac)
})

test('an import is known by its scheme and digest, while it is neither upgraded nor another person’s', async () => {
  const sealed = await sealImported('u-1', parsed)
  expect(await isImportOf('u-1', parsed, sealed)).toBe(true)
  expect(await isImportOf('u-2', parsed, sealed)).toBe(false)
  const { imported: _, ...upgraded } = sealed
  expect(await isImportOf('u-1', parsed, upgraded)).toBe(false)
  const otherSalt = { ...parsed, scheme: { ...parsed.scheme, salt: 'A'.repeat(22) } }
  expect(await isImportOf('u-1', otherSalt, sealed)).toBe(false)
})
