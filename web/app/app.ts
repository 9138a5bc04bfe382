/** What every page is given, and what it gives back. */
import type { Client, ClientRouteId, Given, Replies, Result } from '../client.ts'
import type { Country } from '../parts/country.ts'
import type { IconName } from '../parts/icon.ts'
import type { PagePath } from '../paths.ts'
import type { Catalogue } from '../texts/catalogue.ts'
import type { Config } from './config.ts'
import type { Child } from './dom.ts'
import type { Values } from './language.ts'

export interface Going {
  /** One sentence at the top of the page that is gone to. */
  readonly notice?: string
  readonly replace?: boolean
  /** A step other than the page's first. */
  readonly step?: string
}

interface Stepping {
  readonly replace?: boolean
  /** The sentence at the top stays. */
  readonly keepNotice?: boolean
}

type SessionRouteId = {
  [Id in ClientRouteId]: Given<Id> extends { readonly token: string } ? Id : never
}[ClientRouteId]

export interface App {
  readonly config: Config
  readonly client: Client
  readonly catalogue: Catalogue
  fill(text: string, values: Values): string
  go(path: PagePath, going?: Going): void
  toStep(step: string, going?: Stepping): void
  /** Says a sentence to screen readers, without moving the focus. */
  announce(text: string): void
  /** Where the page leads back to, of the addresses that the deployer lists. */
  readonly back: string | undefined
  /** What was typed last as identifier; no secret. Lives as long as the document. */
  identifier: string
  /** Of phone numbers without their country code; what was chosen last. */
  country: Country | undefined
  readonly session: Session
}

export interface Session {
  readonly live: boolean
  /** Where a sign-in or a confirmation leads to. */
  after: PagePath
  begin(token: string): void
  end(): void
  /**
   * Calls a route of the session.
   * @returns undefined when the session is over: the page has then gone to the sign-in.
   */
  call<Id extends SessionRouteId>(
    id: Id,
    given: Omit<Given<Id>, 'token'>,
  ): Promise<Result<Replies[Id]> | undefined>
}

export interface View {
  readonly title: string
  readonly content: readonly Child[]
  /** Of a view that says how things stand, and asks for nothing to be typed. */
  readonly emblem?: IconName
  /** Moves the focus where the title should not have it. */
  readonly focus?: () => void
}

/** One page while it is open. What it holds is gone once another one opens. */
export interface Page {
  /** @returns the step that can be shown in place of the one asked for. */
  step(asked: string | undefined): string
  /** @param leaving aborts when the view goes: timers, listeners and calls end with it. */
  view(step: string, leaving: AbortSignal): View
}

export type OpenPage = (app: App) => Page

/** A page of one step. */
export const single = (view: (leaving: AbortSignal) => View): Page => ({
  step: () => 'only',
  view: (_step, leaving) => view(leaving),
})
