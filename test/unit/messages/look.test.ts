/** Colours and logo of mails: what the deployer says, held to what can be seen. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contrast, readableOn, seenContrast } from '#shared/domain/contrast.ts'
import { accentRefusal, accentsOf, colours, logoRefusal } from '#shared/messages/look.ts'

const anyColour = fc
  .integer({ min: 0, max: 0xffffff })
  .map((value) => `#${value.toString(16).padStart(6, '0')}`)

describe('an accent', () => {
  test('has a text that can be read on it, whatever colour it is, in light and in dark', () => {
    fc.assert(
      fc.property(anyColour, (colour) => {
        for (const accent of Object.values(accentsOf(colour)))
          expect(contrast(accent, readableOn(accent))).toBeGreaterThanOrEqual(4.5)
      }),
    )
  })

  test('is refused where its button would not be seen on white, and else is seen in both schemes', () => {
    fc.assert(
      fc.property(anyColour, (colour) => {
        const seen = contrast(colour, colours.light.card) >= seenContrast
        expect(accentRefusal(colour) === undefined).toBe(seen)
        expect(contrast(accentsOf(colour).dark, colours.dark.card)).toBeGreaterThanOrEqual(seenContrast)
      }),
    )
  })

  test('is refused with the contrast that it has', () => {
    expect(accentRefusal('#ffd400')).toBe(
      'has a contrast of 1.4 : 1 with the white of a mail, and its button needs 3 : 1: take a darker colour',
    )
    for (const none of ['blue', '#12345', '#1d4ed8ff', '#1d4ed8;color:red'])
      expect(accentRefusal(none)).toBe('must be a colour such as #1d4ed8')
  })

  test('of a theme is one for each scheme', () => {
    expect(accentsOf('#1d4ed8,#93c5fd')).toEqual({ light: '#1d4ed8', dark: '#93c5fd' })
  })
})

test.each([
  ['https://acme.test/logo.png', undefined],
  ['https://acme.test/logo?as=png', undefined],
  ['http://acme.test/logo.png', 'must be an https address'],
  ['/logo.png', 'must be an https address'],
  ['https://acme.test/assets/logo.SVG', 'is an SVG, which Gmail and Outlook do not show: give a PNG'],
])('a logo at %s: %s', (address, refusal) => {
  expect(logoRefusal(address)).toBe(refusal)
})

test('text of every kind can be read on every ground of a mail, in both schemes', () => {
  for (const { text, muted, page, card, tint } of Object.values(colours))
    for (const ground of [page, card, tint])
      for (const ink of [text, muted]) expect(contrast(ink, ground)).toBeGreaterThanOrEqual(4.5)
})
