/** Contrast as WCAG 2.2 defines it, against ratios that its own texts and every checker give. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contrast, isColour, readableOn, seenContrast, seenOn } from '#shared/domain/contrast.ts'

const anyColour = fc
  .integer({ min: 0, max: 0xffffff })
  .map((value) => `#${value.toString(16).padStart(6, '0')}`)

const channelsOf = (colour: string) =>
  [colour.slice(1, 3), colour.slice(3, 5), colour.slice(5)].map((channel) => Number(`0x${channel}`))

test.each([
  ['#1d4ed8', true],
  ['#ABCDEF', true],
  ['#000000', true],
  ['#12345', false],
  ['#1234567', false],
  ['#fff', false],
  ['1d4ed8', false],
  ['a #1d4ed8', false],
  ['#1d4ed8;color:red', false],
  ['#1d4edg', false],
  ['#ghijkl', false],
  ['', false],
])('%j is a colour: %s', (text, isOne) => {
  expect(isColour(text)).toBe(isOne)
})

describe('the contrast of two colours', () => {
  test.each([
    ['#000000', '#ffffff', 21],
    ['#ffffff', '#ffffff', 1],
    ['#767676', '#ffffff', 4.54],
    ['#777777', '#ffffff', 4.48],
    ['#595959', '#ffffff', 7],
    ['#ff0000', '#ffffff', 4],
    ['#00ff00', '#ffffff', 1.37],
    ['#0000ff', '#ffffff', 8.59],
    ['#ffff00', '#0000ff', 8],
    ['#1d4ed8', '#ffffff', 6.7],
    // So dark that luminance is in proportion.
    ['#010101', '#ffffff', 20.87],
  ])('of %s and %s is %d', (one, other, expected) => {
    expect(contrast(one, other)).toBeCloseTo(expected, 2)
    expect(contrast(other, one)).toBe(contrast(one, other))
  })

  test('is from 1 to 21, and the same whichever is named first', () => {
    fc.assert(
      fc.property(anyColour, anyColour, (one, other) => {
        expect(contrast(one, other)).toBeGreaterThanOrEqual(1)
        expect(contrast(one, other)).toBeLessThanOrEqual(21)
        expect(contrast(other, one)).toBe(contrast(one, other))
      }),
    )
  })
})

describe('the text that is read best', () => {
  test.each([
    ['#000000', '#ffffff'],
    ['#1d4ed8', '#ffffff'],
    ['#757575', '#ffffff'],
    ['#767676', '#000000'],
    ['#ffd400', '#000000'],
    ['#ffffff', '#000000'],
  ])('on %s is %s', (colour, text) => {
    expect(readableOn(colour)).toBe(text)
  })

  test('has 4.5 : 1 on any colour', () => {
    fc.assert(
      fc.property(anyColour, (colour) => {
        expect(contrast(colour, readableOn(colour))).toBeGreaterThanOrEqual(4.5)
      }),
    )
  })
})

describe('a colour on a dark ground', () => {
  test.each([
    ['#00ff00', '#000000'],
    ['#93c5fd', '#151e2e'],
    ['#ffffff', '#151e2e'],
  ])('%s on %s stays as it is, since it is seen', (colour, ground) => {
    expect(seenOn(ground, colour)).toBe(colour)
  })

  test.each([
    ['#000000', '#000000', '#666666'],
    ['#0000ff', '#000000', '#3333ff'],
    ['#1d4ed8', '#151e2e', '#3460dc'],
  ])('%s on %s takes white until it is seen, and is %s', (colour, ground, lighter) => {
    expect(seenOn(ground, colour)).toBe(lighter)
  })

  test('is seen, and has no more white than it takes', () => {
    const dark = fc
      .tuple(fc.nat(0x40), fc.nat(0x40), fc.nat(0x40))
      .map((channels) => `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`)
    const withWhite = (colour: string, share: number) =>
      `#${channelsOf(colour)
        .map((channel) =>
          Math.round(channel + (255 - channel) * share)
            .toString(16)
            .padStart(2, '0'),
        )
        .join('')}`
    fc.assert(
      fc.property(dark, anyColour, (ground, colour) => {
        const seen = seenOn(ground, colour)
        expect(contrast(seen, ground)).toBeGreaterThanOrEqual(seenContrast)
        const darkest = Math.min(...channelsOf(colour))
        const share = (Math.min(...channelsOf(seen)) - darkest) / (255 - darkest)
        if (seen !== colour)
          expect(contrast(withWhite(colour, Math.max(0, share - 0.06)), ground)).toBeLessThan(seenContrast)
      }),
    )
  })

  test('is white where nothing is seen on the ground', () => {
    expect(seenOn('#ffffff', '#ffff00')).toBe('#ffffff')
  })
})
