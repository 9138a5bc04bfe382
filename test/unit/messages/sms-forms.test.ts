/** Texts as they are registered: what is sent later must be found in them, character by character. */
import { describe, expect, test } from 'vitest'
import { disownedBy } from '#shared/domain/not-me.ts'
import { type CodeMessage, catalogues, composeSms, type NoticeMessage } from '#shared/messages/compose.ts'
import { dltVariable, smsForms, smsLanguages, smsTexts } from '#shared/messages/sms-forms.ts'

const names = { product: 'Acme (Pay+)', host: 'id.acme.test' }
const contextOf = (language: string) => ({ ...names, locale: language, defaultLocale: 'en' })
const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
/** Operators let 30 characters stand in a place. */
const matcherOf = (form: string) => new RegExp(`^${form.split(dltVariable).map(escaped).join('.{1,30}')}$`)

const token = 'Zm9vYmFyLWJhel9xdXV4LQ'
const noticesOf = (): NoticeMessage[] =>
  (Object.keys(catalogues.get('en')?.notices ?? {}) as NoticeMessage['template'][]).map((template) => ({
    template,
    reference: 'HJKM3467',
    time: 1_764_000_000_000,
    ...(disownedBy(template) !== undefined && { link: `https://id.acme.test/not-me#${token}` }),
  }))
const codesOf = (minutes: number): CodeMessage[] =>
  (['password', 'pin', 'signIn'] as const).map((purpose) => ({
    template: 'code',
    code: '012345',
    ref: 'C3D4',
    minutes,
    purpose,
  }))

describe.each(smsLanguages)('in %s', (language) => {
  const forms = smsForms(language, names)

  test('every text has its form, each another', () => {
    expect([...forms.keys()]).toEqual(smsTexts)
    expect(new Set(forms.values()).size).toBe(forms.size)
  })

  test('what is sent fits into the form of its own text and into no other', () => {
    const sent = [...[1, 2, 5, 10].flatMap(codesOf), ...noticesOf()]
    for (const message of sent) {
      const own = message.template === 'code' ? `code.${message.purpose}` : message.template
      const text = composeSms(message, contextOf(language))
      const fitting = [...forms].filter(([, form]) => matcherOf(form).test(text)).map(([key]) => key)
      expect(fitting).toEqual([own])
    }
  })

  test('the product and the host stand in it as they are, and what differs as five variables at most', () => {
    for (const [text, form] of forms) {
      expect(form, text).toContain(names.product)
      expect(form.split(dltVariable).length - 1, text).toBeLessThanOrEqual(5)
      expect(form, text).toContain(dltVariable)
    }
    expect(forms.get('code.pin')).toMatch(/\n@id\.acme\.test #\{#var#\}$/)
    expect(forms.get('pinChanged')).toContain('\nhttps://id.acme.test/not-me#{#var#}\n')
  })
})
