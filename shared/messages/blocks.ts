/** What a mail says, in its order: the plain text and the HTML are made of the same list, so that they say the same. */
import type { Catalogue, Notice, Purpose } from './catalogue.ts'

/** Texts hold placeholders still. */
export type Block =
  | { readonly kind: 'lead' | 'text' | 'small'; readonly text: string }
  | { readonly kind: 'details'; readonly lines: readonly string[] }
  | { readonly kind: 'code' }
  | { readonly kind: 'button'; readonly text: string }

/** What is known of something that happened. */
export interface Known {
  readonly link: boolean
  readonly localTime: boolean
  readonly device: 'none' | 'system' | 'browser'
}

export function codeBlocks(purpose: Purpose, catalogue: Catalogue): Block[] {
  const { lead, ifNotYou } = catalogue.code[purpose]
  return [
    { kind: 'lead', text: lead },
    { kind: 'code' },
    { kind: 'text', text: `${catalogue.validFor} ${catalogue.neverShare}` },
    { kind: 'text', text: catalogue.codeReference },
    { kind: 'small', text: ifNotYou },
    { kind: 'small', text: catalogue.noLinks },
  ]
}

export function noticeBlocks(notice: Notice, known: Known, catalogue: Catalogue): Block[] {
  const { lead, ifNotYou } = catalogue.notices[notice]
  const time = known.localTime ? catalogue.happenedLocally : catalogue.happenedAt
  const device = { none: [], system: [catalogue.deviceSystem], browser: [catalogue.deviceBrowser] }[
    known.device
  ]
  const button: Block[] = known.link
    ? [
        { kind: 'button', text: catalogue.disown },
        { kind: 'small', text: catalogue.linkSafety },
      ]
    : []
  return [
    { kind: 'lead', text: lead },
    { kind: 'details', lines: [time, ...device] },
    { kind: 'text', text: ifNotYou },
    ...button,
    { kind: 'small', text: catalogue.reference },
    ...(known.link ? [] : [{ kind: 'small', text: catalogue.noLinks } as const]),
  ]
}
