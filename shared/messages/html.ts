/** The frame of every email: inline styles and no images, so that it looks the same wherever it is read. */

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

/** Digits, ids and times: always left to right. */
export const technical = (text: string): string =>
  `<bdi dir="ltr" style="${monospace}">${escapeHtml(text)}</bdi>`

/** A link that shows where it leads. */
export const anchor = (url: string): string =>
  `<bdi dir="ltr"><a href="${escapeHtml(url)}" style="word-break:break-all">${escapeHtml(url)}</a></bdi>`

const codeBlock = (code: string) =>
  `<p style="margin:0 0 16px;text-align:center;font-size:32px;line-height:48px;font-weight:700;letter-spacing:6px;${monospace}"><bdi dir="ltr">${escapeHtml(code)}</bdi></p>`

export interface Page {
  readonly locale: string
  readonly direction: 'ltr' | 'rtl'
  readonly title: string
  readonly product: string
  readonly code: string | undefined
  /** HTML, escaped; the code stands after the first. */
  readonly paragraphs: readonly string[]
}

/** @returns a whole HTML document. */
export function emailHtml({ locale, direction, title, product, code, paragraphs }: Page): string {
  const [first, ...rest] = paragraphs.map((text) => `<p style="margin:0 0 16px">${text}</p>`)
  const align = direction === 'rtl' ? 'right' : 'left'
  return [
    '<!doctype html>',
    `<html lang="${locale}" dir="${direction}">`,
    '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta name="color-scheme" content="light dark"><title>${escapeHtml(title)}</title></head>`,
    '<body style="margin:0;padding:24px 16px">',
    `<div lang="${locale}" dir="${direction}" style="max-width:480px;margin:0 auto;text-align:${align};font:16px/24px system-ui,'Segoe UI',Tahoma,Arial,sans-serif">`,
    `<p style="margin:0 0 24px;font-weight:700"><bdi>${escapeHtml(product)}</bdi></p>`,
    first,
    ...(code === undefined ? [] : [codeBlock(code)]),
    ...rest,
    '</div></body></html>',
  ].join('\n')
}
