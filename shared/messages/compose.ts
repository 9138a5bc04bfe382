/** Texts of emails and SMS, in the person's language. Pure: nothing here sends, reads settings or knows a clock. */
import { localTime } from '../domain/local-time.ts'
import { type OwnTexts, withOwnTexts } from '../domain/own-texts.ts'
import type { KnownDevice } from '../domain/user-agent.ts'
import type { Template } from '../events.ts'
import { policy } from '../policy.ts'
import { type Block, codeBlocks, noticeBlocks } from './blocks.ts'
import type { Catalogue, Notice, Purpose } from './catalogue.ts'
import { ar } from './catalogues/ar.ts'
import { en } from './catalogues/en.ts'
import { hi } from './catalogues/hi.ts'
import { emailHtml, escapeHtml, type HtmlBlock, isolated, type Look, technical } from './html.ts'
import { type Language, messageLanguage, type Readers } from './languages.ts'
import { usualAccents } from './look.ts'

const texts: Readonly<Record<Language, Catalogue>> = { en, ar, hi }

/** All languages, by BCP 47 language. */
export const catalogues: ReadonlyMap<string, Catalogue> = new Map(Object.entries(texts))

export interface CodeMessage {
  readonly template: Extract<Template, 'code'>
  readonly code: string
  /** Short reference, which nobody knows but whoever holds the message. */
  readonly ref: string
  /** The code's life. */
  readonly minutes: number
  readonly purpose: Purpose
}

/** Tells of something that happened; a `Message` of the outbox is one. */
export interface NoticeMessage {
  readonly template: Notice
  /** Short, of the event that it tells of: for support, and for whoever looks the entry up. */
  readonly reference: string
  /** Epoch ms. */
  readonly time: number
  /** Page on which the owner may disown what happened. */
  readonly link?: string
  /** Where it was done. */
  readonly device?: KnownDevice
}

export interface Context extends Readers {
  readonly product: string
  /** Host of the pages, without scheme: what a WebOTP line is bound to. */
  readonly host: string
  /** Texts of the team's, checked. */
  readonly texts?: OwnTexts
}

export type EmailContext = Context & Partial<Look>

export interface Email {
  readonly subject: string
  readonly text: string
  readonly html: string
}

function catalogueOf(context: Context): Catalogue {
  const language = messageLanguage(context)
  return withOwnTexts(texts[language], context.texts?.[language])
}

/** A number with its unit in the right plural, in digits that every keyboard has. */
function duration({ locale }: Catalogue, count: number, unit: 'minute' | 'hour'): string {
  return new Intl.NumberFormat(`${locale}-u-nu-latn`, { style: 'unit', unit, unitDisplay: 'long' }).format(
    count,
  )
}

/** The same moment for every reader: `2026-11-20 16:32 UTC`. */
const utcOf = (time: number) => `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`

type Content = CodeMessage | NoticeMessage
type Values = Readonly<Record<string, string>>

function valuesOf(message: Content, { product, locale = '' }: Context, catalogue: Catalogue): Values {
  if (message.template === 'code')
    return {
      product,
      code: message.code,
      ref: message.ref,
      life: duration(catalogue, message.minutes, 'minute'),
    }
  const { reference, time, link, device } = message
  return {
    product,
    reference,
    utc: utcOf(time),
    ...localTime(time, locale, catalogue.locale),
    ...device,
    ...(link !== undefined && { link }),
    freeze: duration(catalogue, policy.freezeSeconds / 3600, 'hour'),
  }
}

/** @throws Error for a placeholder without a value: a defect of the catalogue. */
function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`A text has the unknown placeholder {${name}}`)
    return value
  })
}

function blocksOf(message: Content, values: Values, catalogue: Catalogue): Block[] {
  if (message.template === 'code') return codeBlocks(message.purpose, catalogue)
  const { template, link, device } = message
  const known = {
    link: link !== undefined,
    localTime: 'local' in values,
    device: device === undefined ? 'none' : device.browser === undefined ? 'system' : 'browser',
  } as const
  return noticeBlocks(template, known, catalogue)
}

const textsOf = (message: Content, catalogue: Catalogue) =>
  message.template === 'code' ? catalogue.code[message.purpose] : catalogue.notices[message.template]

/** Values that run from left to right in every language. */
const leftToRight: ReadonlySet<string> = new Set(['reference', 'ref', 'utc'])

/** Values as they stand in HTML. */
const htmlValues = (values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      leftToRight.has(name) ? technical(value) : isolated(value),
    ]),
  )

/** Values as they stand in plain text: isolated where the text runs right to left (Unicode FSI and PDI). */
function plainValues(values: Values, { direction }: Catalogue): Values {
  if (direction === 'ltr') return values
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, `\u2068${value}\u2069`]))
}

/** @param filled what stands for a text */
function plainOf(block: Block, { code = '', link = '' }: Values, filled: (text: string) => string): string {
  if (block.kind === 'code') return code
  if (block.kind === 'details') return block.lines.map(filled).join('\n')
  // A link stands on a line of its own: a mark at its end would become part of it.
  return block.kind === 'button' ? `${filled(block.text)}:\n${link}` : filled(block.text)
}

function htmlOf(block: Block, { code = '', link = '' }: Values, filled: (text: string) => string): HtmlBlock {
  if (block.kind === 'code') return { kind: 'code', code }
  if (block.kind === 'details') return { kind: 'details', lines: block.lines.map(filled) }
  const text = filled(block.text)
  return block.kind === 'button' ? { kind: 'button', text, link } : { kind: block.kind, text }
}

/** What a list of mails shows: the first words that are not the code, which must not stand on a locked screen. */
const preheaderOf = (message: Content, catalogue: Catalogue) =>
  message.template === 'code'
    ? `${catalogue.validFor} ${catalogue.neverShare}`
    : catalogue.notices[message.template].lead

/**
 * An email: subject, plain text and HTML with the same words. It holds nothing that a caller typed, and no link but the
 * page to disown a change on, where opening it changes nothing.
 */
export function composeEmail(message: Content, context: EmailContext): Email {
  const catalogue = catalogueOf(context)
  const { locale, direction } = catalogue
  const values = valuesOf(message, context, catalogue)
  const blocks = blocksOf(message, values, catalogue)
  const [plain, marked] = [plainValues(values, catalogue), htmlValues(values)]
  const subject = fill(textsOf(message, catalogue).subject, values)
  const inHtml = (text: string) => fill(escapeHtml(text), marked)
  const html = emailHtml({
    locale,
    direction,
    title: subject,
    product: context.product,
    preheader: inHtml(preheaderOf(message, catalogue)),
    accents: context.accents ?? usualAccents,
    ...(context.logo !== undefined && { logo: context.logo }),
    blocks: blocks.map((block) => htmlOf(block, values, inHtml)),
  })
  const text = blocks.map((block) => plainOf(block, values, (each) => fill(each, plain))).join('\n\n')
  return { subject, text, html }
}

/**
 * An SMS. A code's last line is `@host #code`, by which a browser knows the page the code belongs to
 * (WICG "Origin-bound one-time codes delivered via SMS"); nothing may follow it.
 */
export function composeSms(message: Content, context: Context): string {
  const catalogue = catalogueOf(context)
  return smsOf(message, valuesOf(message, context, catalogue), catalogue, context)
}

/** @param values what stands in the text; `code` in a code's, `reference` and perhaps `link` in a notice's */
function smsOf(message: Content, values: Values, catalogue: Catalogue, { host }: Context): string {
  const text = fill(textsOf(message, catalogue).sms, values)
  if (message.template === 'code') return `${text}\n${fill('@{host} #{code}', { ...values, host })}`
  const link = values['link'] === undefined ? [] : [values['link']]
  return [text, ...link, fill(catalogue.smsReference, values)].join('\n')
}

/**
 * An SMS as it is registered with operators: what differs from message to message is `variable`.
 * @param message its own values are of no account
 */
export function smsForm(message: Content, context: Context, variable: string): string {
  const catalogue = catalogueOf(context)
  const values = valuesOf(message, context, catalogue)
  // The link's start is the same in each message; only what follows the fragment's mark is not.
  const link = values['link'] && { link: values['link'].replace(/#.*/, `#${variable}`) }
  const varying =
    message.template === 'code' ? { code: variable, ref: variable, life: variable } : { reference: variable }
  return smsOf(message, { ...values, ...varying, ...link }, catalogue, context)
}
