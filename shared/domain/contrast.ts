/** Colours and how well they stand out from each other, as WCAG 2.2 measures it (relative luminance). */

/** What a part that has to be seen needs beside its ground (1.4.11). */
export const seenContrast = 3

export const isColour = (text: string): boolean => /^#[0-9a-f]{6}$/i.test(text)

const channels = (colour: string): number[] =>
  [1, 3, 5].map((place) => Number.parseInt(colour.slice(place, place + 2), 16))

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((value) => {
    const part = value / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** @param one `#rrggbb`, as the other @returns 1 for the same colour, 21 for black and white */
export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

/** White or black, whichever is read better on the colour: one of them has 4.5 : 1 on any (1.4.3). */
export const readableOn = (colour: string): string =>
  contrast(colour, '#ffffff') >= contrast(colour, '#000000') ? '#ffffff' : '#000000'

const towardsWhite = (colour: string, share: number): string =>
  `#${channels(colour)
    .map((value) =>
      Math.round(value + (255 - value) * share)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`

/** @returns the colour, with as much white as it takes to be seen on a dark ground */
export function seenOn(ground: string, colour: string): string {
  const shares = Array.from({ length: 21 }, (_, step) => step / 20)
  return (
    shares
      .map((share) => towardsWhite(colour, share))
      .find((lighter) => contrast(lighter, ground) >= seenContrast) ?? '#ffffff'
  )
}
