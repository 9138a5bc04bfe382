/** Colours of mails, by the scheme of whoever reads them. The accent is the deployer's, all else is fixed. */
import { contrast, isColour, seenContrast, seenOn } from '../domain/contrast.ts'

export interface Colours {
  readonly page: string
  readonly card: string
  readonly text: string
  readonly muted: string
  readonly line: string
  readonly tint: string
}

export const colours: Readonly<Record<'light' | 'dark', Colours>> = {
  light: {
    page: '#f3f4f6',
    card: '#ffffff',
    text: '#111827',
    muted: '#4b5563',
    line: '#d1d5db',
    tint: '#eef1f6',
  },
  dark: {
    page: '#0b1220',
    card: '#151e2e',
    text: '#f3f4f6',
    muted: '#b6c0cf',
    line: '#3b475b',
    tint: '#222d42',
  },
}

/** @returns why a colour cannot be the accent of mails, or undefined */
export function accentRefusal(colour: string): string | undefined {
  if (!isColour(colour)) return 'must be a colour such as #1d4ed8'
  const against = contrast(colour, colours.light.card)
  return against >= seenContrast
    ? undefined
    : `has a contrast of ${against.toFixed(1)} : 1 with the white of a mail, and its button needs ${seenContrast} : 1: take a darker colour`
}

export type Accents = Readonly<Record<'light' | 'dark', string>>

/** @param given `#1d4ed8`, or two parted by a comma; without one for dark the same, as much lighter as dark asks for */
export function accentsOf(given: string): Accents {
  const [light = '', dark = light] = given.split(',')
  return { light, dark: seenOn(colours.dark.card, dark) }
}

/** Of the pages' own theme (`web/theme/theme.css`). */
export const usualAccents = accentsOf('#1d4ed8,#93c5fd')

/** Why no mail can show a picture of this address, or undefined. */
export function logoRefusal(address: string): string | undefined {
  if (!URL.canParse(address) || !address.startsWith('https://')) return 'must be an https address'
  return /\.svg$/i.test(new URL(address).pathname)
    ? 'is an SVG, which Gmail and Outlook do not show: give a PNG'
    : undefined
}
