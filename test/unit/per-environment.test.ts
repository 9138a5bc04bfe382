/** Clients, settings and what is remembered of a table belong to one environment, and go with it. */
import { expect, test } from 'vitest'
import { applyEnvironment } from '#local/environment.ts'
import { settingsOf } from '#local/services/environment.ts'
import { openKeys } from '#local/services/kms-keys.ts'
import { environmentChanged, perEnvironment } from '#shared/per-environment.ts'
import { policy } from '#shared/policy.ts'
import { settings } from '#shared/settings.ts'
import { tableName } from '#shared/stores/database.ts'

const under = <T>(given: Record<string, string>, run: () => T): T => {
  const restore = applyEnvironment({ ...settingsOf(openKeys(undefined)), ...given })
  try {
    return run()
  } finally {
    restore()
  }
}

test('it is made as its module loads, once, and anew only after the environment changed', () => {
  let made = 0
  const get = perEnvironment(() => ({ number: ++made }))
  expect(made).toBe(1)
  expect(get()).toBe(get())
  environmentChanged()
  environmentChanged()
  expect(made).toBe(1)
  expect(get()).toEqual({ number: 2 })
  expect(get()).toBe(get())
})

test('the settings are those of the environment in place, and the same object as long as it is', () => {
  const [one, other] = ['Bank One', 'Bank Two'].map((PRODUCT) =>
    under({ PRODUCT, TABLE_IDENTITIES: `of ${PRODUCT}` }, () => {
      expect(settings()).toBe(settings())
      return [settings().PRODUCT, tableName('identities')]
    }),
  )
  expect(one).toEqual(['Bank One', 'of Bank One'])
  expect(other).toEqual(['Bank Two', 'of Bank Two'])
})

test('an environment that lacks a setting is told of, and the next whole one is read', () => {
  const restore = applyEnvironment({ ORIGIN: 'no address' })
  expect(() => settings()).toThrow(/ORIGIN/)
  restore()
  expect(under({ PRODUCT: 'whole' }, () => settings().PRODUCT)).toBe('whole')
})

test('deployed, the breach check waits as long as the policy says', () => {
  expect(under({}, () => settings().HIBP_TIMEOUT_MS)).toBe(policy.breachCheckTimeoutMs)
})
