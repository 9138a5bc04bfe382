/**
 * The frame of every mail: a card in tables and inline styles, which is what all mail programs read; its style sheet holds the
 * dark scheme alone. Nothing is loaded but the deployer's logo, so nobody learns that a mail was opened.
 */
import { readableOn } from '../domain/contrast.ts'
import { type Accents, type Colours, colours } from './look.ts'

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Makes text safe in HTML, in attributes too. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => entities[character] ?? '')

/** Keeps a value in one piece and in its own direction inside a text that runs the other way. */
export const isolated = (text: string): string => `<bdi>${escapeHtml(text)}</bdi>`

const monospace = 'font-family:ui-monospace,Consolas,Menlo,monospace'
const letters =
  "font-family:system-ui,'Segoe UI',Roboto,'Noto Sans','Noto Sans Arabic','Noto Sans Devanagari','Nirmala UI',Tahoma,Arial,sans-serif"

/** Digits, ids and times: always left to right. */
export const technical = (text: string): string =>
  `<bdi dir="ltr" style="${monospace};white-space:nowrap">${escapeHtml(text)}</bdi>`

/** What a mail says, in its order. Text is HTML here, escaped. */
export type HtmlBlock =
  | { readonly kind: 'lead' | 'text' | 'small'; readonly text: string }
  | { readonly kind: 'details'; readonly lines: readonly string[] }
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'button'; readonly text: string; readonly link: string }

/** How the deployer's mails look. */
export interface Look {
  readonly accents: Accents
  /** Address of a picture. */
  readonly logo?: string
}

export interface Page extends Look {
  readonly locale: string
  readonly direction: 'ltr' | 'rtl'
  readonly title: string
  readonly product: string
  /** What a list of mails shows beside the subject. */
  readonly preheader: string
  readonly blocks: readonly HtmlBlock[]
}

const { light } = colours

/** In dark, by class; inline styles say light, and only `!important` goes over them. */
function darkRules({ page, card, text, muted, line, tint }: Colours, accent: string): string {
  const rules = {
    page: `background:${page}`,
    card: `background:${card}`,
    text: `color:${text}`,
    muted: `color:${muted}`,
    tint: `background:${tint};border-color:${line};color:${text}`,
    accent: `background:${accent};color:${readableOn(accent)}`,
    logo: 'padding:6px',
  }
  return Object.entries(rules)
    .map(([name, rule]) => `.lk-${name}{${rule.replaceAll(/;|$/g, '!important;')}}`)
    .join('')
}

const styleSheet = (accent: string) =>
  `<style>:root{color-scheme:light dark;supported-color-schemes:light dark}@media (prefers-color-scheme:dark){${darkRules(colours.dark, accent)}}</style>`

/** Programs show the mail's first words behind the subject. These, and then nothing: not the code, on a locked screen. */
const hidden = (text: string) =>
  `<div style="display:none;max-height:0;overflow:hidden">${text}${'&#847;&zwnj;&nbsp;'.repeat(70)}</div>`

/** On white in both schemes, for a logo is drawn for white more often than for dark. Its words where it is not loaded. */
const brand = ({ logo, product }: Page) =>
  logo === undefined
    ? `<p class="lk-text" style="margin:0 0 20px;font-size:14px;font-weight:700;color:${light.text}"><bdi>${escapeHtml(product)}</bdi></p>`
    : `<p style="margin:0 0 20px"><img class="lk-logo" src="${escapeHtml(logo)}" alt="${escapeHtml(product)}" height="32" style="height:32px;width:auto;max-width:220px;object-fit:contain;border:0;border-radius:6px;background:#ffffff;color:#111827;font-weight:700"></p>`

const panel = `background:${light.tint};border:1px solid ${light.line};border-radius:8px;color:${light.text}`

function rendered(block: HtmlBlock, accent: string): string {
  switch (block.kind) {
    case 'lead':
      return `<h1 class="lk-text" style="margin:0 0 16px;font-size:20px;line-height:30px;font-weight:600;color:${light.text}">${block.text}</h1>`
    case 'text':
      return `<p class="lk-text" style="margin:0 0 16px;color:${light.text}">${block.text}</p>`
    case 'small':
      return `<p class="lk-muted" style="margin:0 0 12px;font-size:14px;line-height:22px;color:${light.muted}">${block.text}</p>`
    case 'details':
      return `<p class="lk-tint" style="margin:0 0 16px;padding:12px 16px;font-size:14px;line-height:24px;${panel}">${block.lines.join('<br>')}</p>`
    case 'code':
      return `<p class="lk-tint" style="margin:0 0 16px;padding:12px 8px;text-align:center;font-size:32px;line-height:48px;font-weight:700;letter-spacing:6px;${panel};${monospace}"><bdi dir="ltr">${escapeHtml(block.code)}</bdi></p>`
    case 'button': {
      const ink = readableOn(accent)
      // Word, which shows mails in some versions of Outlook, takes the ground from the cell.
      return `<table role="presentation" cellpadding="0" cellspacing="0" style="margin:0 0 16px"><tr><td class="lk-accent" bgcolor="${accent}" style="border-radius:8px;background:${accent}"><a class="lk-accent" href="${escapeHtml(block.link)}" style="display:inline-block;padding:12px 24px;border-radius:8px;background:${accent};color:${ink};font-weight:600;text-decoration:none">${block.text}</a></td></tr></table>`
    }
  }
}

/** @returns a whole HTML document. */
export function emailHtml(page: Page): string {
  const { locale, direction, title, preheader, accents, blocks } = page
  const { light: accent } = accents
  const align = direction === 'rtl' ? 'right' : 'left'
  const table = 'role="presentation" width="100%" cellpadding="0" cellspacing="0"'
  return [
    '<!doctype html>',
    `<html lang="${locale}" dir="${direction}">`,
    '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">',
    `<title>${escapeHtml(title)}</title>`,
    `${styleSheet(accents.dark)}</head>`,
    `<body class="lk-page" style="margin:0;padding:0;background:${light.page}">`,
    hidden(preheader),
    `<table ${table} class="lk-page" style="background:${light.page}"><tr><td align="center" style="padding:24px 12px">`,
    `<table ${table} class="lk-card" style="max-width:520px;background:${light.card};border-radius:12px;overflow:hidden">`,
    `<tr><td class="lk-accent" bgcolor="${accent}" height="4" style="height:4px;line-height:4px;font-size:0;background:${accent}"></td></tr>`,
    `<tr><td align="${align}" style="padding:24px 24px 12px;text-align:${align};font-size:16px;line-height:26px;${letters}">`,
    `<div role="main" lang="${locale}" dir="${direction}">`,
    brand(page),
    ...blocks.map((block) => rendered(block, accent)),
    '</div></td></tr></table></td></tr></table></body></html>',
  ].join('\n')
}
