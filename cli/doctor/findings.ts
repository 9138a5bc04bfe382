/** What is wrong with a stage, and what to do. Pure: facts in, findings out. */
import { policy } from '#shared/policy.ts'

export interface TableFact {
  readonly name: string
  readonly status: string
  /** Has the stream that it is to have. */
  readonly streams: boolean
}
export interface KeyFact {
  readonly setting: string
  readonly keyId: string
  readonly state: string
}
export interface EmailFact {
  readonly from: string
  readonly verified: boolean
  readonly perDay: number
  readonly sentToday: number
}
export interface SmsFact {
  readonly sandbox: boolean
  readonly monthlyUsd: number
  /** Of this month, where something was sent lately. */
  readonly spentUsd?: number
}
export interface CountryFact {
  readonly country: string
  /** What its networks want registered, and the settings do not have. */
  readonly missing: readonly string[]
  /** Language and name of each text that has no template there. */
  readonly texts: readonly string[]
  /** Epoch ms. */
  readonly pausedUntil?: number
  readonly haltedUntil?: number
  /** An operator's, in place of the deployed one. */
  readonly floor?: number
}

export interface Finding {
  readonly wrong: string
  readonly todo: string
}

const iso = (time: number) => new Date(time).toISOString()

export const ofTables = (tables: readonly TableFact[]): Finding[] =>
  tables.flatMap(({ name, status, streams }) => [
    ...(status === 'ACTIVE'
      ? []
      : [
          {
            wrong: `The table ${name} is ${status}.`,
            todo: 'Wait until it is ACTIVE; a table that stays so, see the CloudFormation events of the data stack.',
          },
        ]),
    ...(streams
      ? []
      : [
          {
            wrong: `The table ${name} has no stream, so its workers get nothing.`,
            todo: 'Deploy the data stack again, then "latchkey redrive".',
          },
        ]),
  ])

export const ofKeys = (keys: readonly KeyFact[]): Finding[] =>
  keys
    .filter(({ state }) => state !== 'Enabled')
    .map(({ setting, keyId, state }) => ({
      wrong: `The key ${keyId} (${setting}) is ${state}.`,
      todo:
        state === 'PendingDeletion'
          ? 'Cancel its deletion now (kms cancel-key-deletion), then enable it: what it sealed is lost with it.'
          : 'Enable it (kms enable-key), and find out in CloudTrail who disabled it.',
    }))

/** What SES lets an account send in its sandbox. */
const sandboxPerDay = 200
const nearlyAll = 0.8

export function ofEmail({ from, verified, perDay, sentToday }: EmailFact): Finding[] {
  const full = sentToday >= perDay * nearlyAll
  return [
    ...(verified
      ? []
      : [
          {
            wrong: `SES has not verified ${from}, nor its domain: no email goes.`,
            todo: 'Verify the domain in SES, in this Region (deploy.md, section 1).',
          },
        ]),
    ...(perDay > sandboxPerDay
      ? []
      : [
          {
            wrong: `SES is in its sandbox (${perDay} a day): email goes to verified addresses alone.`,
            todo: 'Ask for production access in the SES console.',
          },
        ]),
    ...(full && perDay > 0
      ? [
          {
            wrong: `${sentToday} of ${perDay} emails of this day are sent.`,
            todo: 'Ask for a higher quota in Service Quotas; see whether somebody floods.',
          },
        ]
      : []),
  ]
}

export function ofSms({ sandbox, monthlyUsd, spentUsd = 0 }: SmsFact): Finding[] {
  return [
    ...(sandbox
      ? [
          {
            wrong: 'SNS is in its SMS sandbox: SMS go to verified numbers alone.',
            todo: 'Leave it in the SNS console (Text messaging, Sandbox).',
          },
        ]
      : []),
    ...(monthlyUsd > 1
      ? []
      : [
          {
            wrong: `SNS may spend ${monthlyUsd} USD a month on SMS, and then sends none.`,
            todo: 'Ask for a higher limit in Service Quotas, then set it in SNS.',
          },
        ]),
    ...(spentUsd >= monthlyUsd * nearlyAll
      ? [
          {
            wrong: `${spentUsd} of ${monthlyUsd} USD for SMS are spent this month; then SNS sends none.`,
            todo: 'Toll fraud until shown otherwise: runbook.md, sms-spend and sms-paused. Else ask for a higher limit.',
          },
        ]
      : []),
  ]
}

/** A stop does not end by itself. */
export const ofStoppedFlows = (flows: readonly string[]): Finding[] =>
  flows.map((flow) => ({
    wrong: `An operator stopped ${flow}: its routes answer 503 to everybody.`,
    todo: `"latchkey flow start ${flow}" when it is over.`,
  }))

/** An empty interval makes none for an hour; twice that is silence. */
const silenceMs = 2 * policy.emptyCheckpointIntervalSeconds * 1000

export function ofCheckpoint(at: number | undefined, now: number): Finding[] {
  if (at === undefined)
    return [
      {
        wrong: 'There is no checkpoint: nothing in the ledger is signed.',
        todo: '"latchkey ledger seal", and see the log of seal-ledger.',
      },
    ]
  if (now - at <= silenceMs) return []
  return [
    {
      wrong: `The last checkpoint is of ${iso(at)}.`,
      todo: 'See the log of seal-ledger, and runbook.md, no-checkpoint.',
    },
  ]
}

/** The sweeper has brought it before the workers by then, more than once. */
const rowAgeMs = 5 * 60_000

export const ofOutbox = (oldest: number | undefined, now: number): Finding[] =>
  oldest === undefined || now - oldest <= rowAgeMs
    ? []
    : [
        {
          wrong: `A row of the outbox has waited since ${iso(oldest)}: its event, code or notice is late.`,
          todo: 'See the logs of deliver, notify and append-ledger; "latchkey redrive" once the cause is gone.',
        },
      ]

export const ofDeadLetters = (byWorker: Readonly<Record<string, number>>): Finding[] =>
  Object.entries(byWorker).map(([worker, count]) => ({
    wrong: `${worker} gave up ${count} times.`,
    todo: `"latchkey dead-letters list", and runbook.md, dead-letters-${worker}; then "latchkey redrive" and "latchkey dead-letters drop".`,
  }))

export const ofCountries = (countries: readonly CountryFact[]): Finding[] =>
  countries.flatMap(({ country, missing, texts, pausedUntil, haltedUntil, floor }) => [
    ...(missing.length === 0
      ? []
      : [
          {
            wrong: `${country} wants ${missing.join(', ')} registered: no SMS go there.`,
            todo: `Register, and fill in sms.senders.${country} in cdk.json (deploy.md, section 1).`,
          },
        ]),
    // Without a single one the templates are missing as a whole.
    ...(texts.length === 0 || missing.includes('templates')
      ? []
      : [
          {
            wrong: `${country} has no template for ${texts.join(', ')}: these texts are not sent there.`,
            todo: `"latchkey sms-templates LANGUAGE" prints what to register; the ids go into sms.senders.${country}.templates.`,
          },
        ]),
    ...(haltedUntil === undefined
      ? []
      : [
          {
            wrong: `An operator paused SMS to ${country}, until ${iso(haltedUntil)}.`,
            todo: `"latchkey sms resume ${country}" when it is over.`,
          },
        ]),
    ...(floor === undefined
      ? []
      : [
          {
            wrong: `An operator set the breaker's floor of ${country} to ${floor}: so much toll fraud a day pauses nothing.`,
            todo: `If it is to stay, set sms.unverifiedFloors.${country} in cdk.json and deploy; else it ends within a week.`,
          },
        ]),
    ...(pausedUntil === undefined
      ? []
      : [
          {
            wrong: `The breaker pauses recovery codes by SMS to ${country}: too many are never given back.`,
            todo: 'runbook.md, sms-paused.',
          },
        ]),
  ])
