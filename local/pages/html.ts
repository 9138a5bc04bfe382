/** HTML in which no text can become markup: what is put in is escaped, unless it was made here. */
import { escapeHtml } from '#shared/messages/html.ts'

export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Part = string | number | boolean | undefined | Markup | readonly Markup[]

function textOf(part: Part): string {
  if (part instanceof Markup) return part.text
  if (Array.isArray(part)) return part.map(textOf).join('')
  if (part === undefined || part === false) return ''
  return escapeHtml(String(part))
}

/** @param iso a moment, in ISO 8601 and UTC */
export const moment = (iso: string): Markup =>
  html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time>`

/** A template: `html\`<p>${text}</p>\``. `false` and undefined are nothing. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Markup =>
  new Markup(String.raw({ raw: strings }, ...parts.map(textOf)))
