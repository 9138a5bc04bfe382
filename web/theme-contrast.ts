/** Whether a theme can be read: contrast of the pairs of colours that the style sheet sets beside each other (WCAG 2.2, 1.4.3 and 1.4.11). */
import { contrast } from '#shared/domain/contrast.ts'

type Colours = Readonly<Record<string, string>>

const text = 4.5
const mark = 3
/** What stands on what, and how far apart they have to be. */
const pairs = [
  ['text', 'page', text],
  ['text', 'card', text],
  ['text', 'tint', text],
  ['muted', 'page', text],
  ['muted', 'card', text],
  ['accent', 'page', text],
  ['accent', 'card', text],
  ['on-accent', 'accent', text],
  ['good', 'card', text],
  ['good', 'tint', text],
  ['bad', 'card', text],
  ['card', 'good', text],
  ['line', 'card', mark],
  ['line', 'page', mark],
] as const

const coloursIn = (css: string): Colours =>
  Object.fromEntries(
    [...css.matchAll(/--lk-([\w-]+)\s*:\s*(#[0-9a-f]{6}|#[0-9a-f]{3})\s*[;}]/gi)].map(
      ([, name = '', value = '']) => [name, inFull(value)],
    ),
  )

/** `#rgb` in full. */
const inFull = (colour: string): string => (colour.length === 4 ? colour.replace(/[^#]/g, '$&$&') : colour)

const isTooLow = (colours: Colours, [front, ground, least]: (typeof pairs)[number]) => {
  const [a, b] = [colours[front], colours[ground]]
  return a !== undefined && b !== undefined && contrast(a, b) < least
}

const ratio = (a: string, b: string) => contrast(a, b).toFixed(1)

const betweenColours = (scheme: string, colours: Colours): string[] =>
  pairs
    .filter((pair) => isTooLow(colours, pair))
    .map(
      ([front, ground, least]) =>
        `${scheme}: --lk-${front} on --lk-${ground} has ${ratio(colours[front] ?? '', colours[ground] ?? '')} : 1, and needs ${least}`,
    )

/** What stands on the page itself, beside its card: name, links, choice of a language. */
const onPage = pairs.filter(([, ground]) => ground === 'page')

/** A picture's colours are grounds like the page's own; what a gradient has between two of them lies between them here too. */
const onPicture = (scheme: string, colours: Colours, svg: string): string[] =>
  [
    ...new Set([...svg.matchAll(/#(?:[0-9a-f]{6}|[0-9a-f]{3})\b/gi)].map(([colour]) => inFull(colour))),
  ].flatMap((colour) =>
    onPage
      .filter(([front, , least]) => contrast(colours[front] ?? '#000', colour) < least && front in colours)
      .map(
        ([front, , least]) =>
          `${scheme}: --lk-${front} on ${colour} of the background has ${ratio(colours[front] ?? '', colour)} : 1, and needs ${least}`,
      ),
  )

type Backgrounds = Partial<Record<'light' | 'dark', { readonly content: Uint8Array } | undefined>>

/**
 * @param css a theme's style sheet; colours that are not written `#rgb` or `#rrggbb` are left to the eye, in pictures too
 * @returns each pair that is too near, in words
 */
export function unreadable(css: string, backgrounds: Backgrounds = {}): readonly string[] {
  const at = css.search(/@media[^{]*prefers-color-scheme:\s*dark/)
  const light = coloursIn(at < 0 ? css : css.slice(0, at))
  const dark = at < 0 ? undefined : { ...light, ...coloursIn(css.slice(at)) }
  const textOf = (scheme: keyof Backgrounds) => Buffer.from(backgrounds[scheme]?.content ?? []).toString()
  return [
    ...betweenColours('light', light),
    ...onPicture('light', light, textOf('light')),
    ...(dark === undefined ? [] : betweenColours('dark', dark)),
    ...onPicture('dark', dark ?? light, textOf('dark')),
  ]
}
