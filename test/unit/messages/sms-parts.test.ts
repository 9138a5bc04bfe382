/** What carriers bill: how many parts each SMS takes. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { catalogues } from '#shared/messages/compose.ts'
import { smsTexts } from '#shared/messages/sms-forms.ts'
import { longSms, smsLengths } from '#shared/messages/sms-lengths.ts'
import { outsideGsm, smsSize } from '#shared/messages/sms-parts.ts'

/** By its definition, apart from the code: what is in neither table of 3GPP TS 23.038. */
const gsmBasic = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà]$/
const gsmExtended = /^[\f^{}\\[~\]|€]$/

const anyText = fc.array(
  fc.oneof(
    fc.constantFrom(...'abcXYZ 0123@\né€{}[]~|^\\'),
    fc.constantFrom('ق', 'हि', '\u2068', '😀', 'é', 'ç', '’'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  ),
  { maxLength: 340 },
)

/** Fills one part after the other, with whole characters. */
function filled(sizes: readonly number[], alone: number, several: number): number {
  if (sizes.reduce((sum, size) => sum + size, 0) <= alone) return 1
  const parts: number[] = []
  for (const size of sizes) {
    const last = parts.length - 1
    if (parts[last] !== undefined && parts[last] + size <= several) parts[last] += size
    else parts.push(size)
  }
  return parts.length
}

describe('the parts of a text', () => {
  test('are those of the alphabet that its characters ask for, for any text', () => {
    fc.assert(
      fc.property(anyText, (pieces) => {
        const characters = [...pieces.join('')]
        const gsm = characters.every((each) => gsmBasic.test(each) || gsmExtended.test(each))
        const sizes = characters.map((each) => (gsm ? (gsmExtended.test(each) ? 2 : 1) : each.length))
        const [alone, several] = gsm ? [160, 153] : [70, 67]
        expect(smsSize(pieces.join(''))).toEqual({
          units: sizes.reduce((sum, size) => sum + size, 0),
          alphabet: gsm ? 'gsm' : 'ucs2',
          parts: filled(sizes, alone, several),
        })
      }),
    )
  })

  test('never grow fewer by a character more, and hold at most what the network carries', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom('a', '€', 'ق', '😀'), (pieces, more) => {
        const [shorter, longer] = [smsSize(pieces.join('')), smsSize(pieces.join('') + more)]
        expect(longer.parts).toBeGreaterThanOrEqual(shorter.parts)
        const most = shorter.alphabet === 'gsm' ? 160 : 70
        expect(shorter.units).toBeLessThanOrEqual(shorter.parts * most)
      }),
    )
  })

  test.each([
    ['', 1],
    ['a'.repeat(160), 1],
    ['a'.repeat(161), 2],
    ['a'.repeat(306), 2],
    ['a'.repeat(307), 3],
    ['ق'.repeat(70), 1],
    ['ق'.repeat(71), 2],
    ['ق'.repeat(134), 2],
    ['ق'.repeat(135), 3],
    ['€'.repeat(80), 1],
    ['€'.repeat(81), 2],
    // An escape and what follows it do not part: 76 in each, and one septet is left over.
    ['€'.repeat(152), 2],
    ['€'.repeat(153), 3],
    // Nor do the two halves of a character: 33 in each, and one unit is left over.
    ['😀'.repeat(35), 1],
    ['😀'.repeat(66), 2],
    ['😀'.repeat(67), 3],
    // One character decides for all.
    [`${'a'.repeat(70)}’`, 2],
  ])('%# are as the networks count them', (text, parts) => {
    expect(smsSize(text).parts).toBe(parts)
  })

  test('name what no part of 160 can hold', () => {
    expect(outsideGsm('Ça va, Ünal? [€]')).toEqual([])
    expect(outsideGsm('Caféç — ’')).toEqual(['ç', '—', '’'])
  })
})

const usual = { product: 'Latchkey', host: 'accounts.example.com' }

describe.each([...catalogues])('every text in %s', (language, { smsParts }) => {
  test('takes no more parts than its language should, with the longest values', () => {
    const lengths = smsLengths(language, usual)
    expect([...lengths.keys()]).toEqual(smsTexts)
    for (const [text, { parts, units }] of lengths)
      expect([text, units, parts <= smsParts]).toEqual([text, units, true])
  })

  test('has room for names that are ten characters longer in all', () => {
    const longer = { product: 'Latchkey Pay', host: `accounts.${'x'.repeat(6)}example.com` }
    expect(longSms(longer).filter((each) => each.language === language)).toEqual([])
  })

  test('is in the alphabet that its bound is for', () => {
    for (const { alphabet } of smsLengths(language, usual).values())
      expect(alphabet).toBe(smsParts === 1 ? 'gsm' : 'ucs2')
  })
})

describe('names that break a bound', () => {
  test('are told with each text, its parts, and by how much to shorten', () => {
    const host = `accounts.${'x'.repeat(40)}example.com`
    const told = longSms({ ...usual, host }).filter(({ text }) => text === 'passwordChanged')
    expect(told.map(({ language, size: { parts }, most }) => [language, parts, most])).toEqual([
      ['en', 2, 1],
      ['ar', 3, 2],
      ['hi', 3, 2],
    ])
    // 132 characters at the usual names, 40 more, and 160 have room.
    expect(told[0]?.advice).toContain(`product ("Latchkey"), the host of origin ("${host}")`)
    expect(told[0]?.advice).toContain('by 12 characters in all')
  })

  test('and a letter that is in no alphabet of GSM’s is named, since it alone costs a part', () => {
    const long = longSms({ ...usual, product: 'Señor – Pay' }).filter(({ language }) => language === 'en')
    expect(long).toHaveLength(smsTexts.length)
    for (const { advice, size } of long) {
      expect(size.alphabet).toBe('ucs2')
      expect(advice).toContain('Leave "–" out of product ("Señor – Pay")')
    }
  })
})
