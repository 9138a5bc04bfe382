/**
 * What an alarm's mail says, for whoever is woken by it and has never heard of Latchkey. docs/runbook.md begins with the same words,
 * and has more under each name.
 */

/** Plain ASCII without `<`, `>`, `"` and `#`: templates of EventBridge take the first three for their own, and the link begins with the last. */
export interface MailWords {
  readonly wrong: string
  readonly people: string
  readonly todo: string
}

const outage = 'They cannot sign in, get a code or set a new password or PIN; they are told to try again.'
const someWait = 'Some are told to try again; most go on.'
const codesWait = 'Codes do not arrive, or too late to be used: they cannot recover.'
const noticesWait = 'What was changed in their account is confirmed to them late. Codes go out all the same.'
const nothing = 'Nothing.'
const redrive = 'Mend that, then npx latchkey redrive.'
const slowWorker =
  'CloudWatch, that function: errors, throttles, duration. Its log says what it waits for. An outage of AWS passes by itself.'

const api = {
  'api-errors': {
    wrong: 'The API answered ten times or more with 5xx in five minutes.',
    people: outage,
    todo: 'Access log: which route has a status of 500 or more. Log of that function, lines failed: error and cause name the AWS service. An outage of AWS passes, and nothing is lost; what began with a deployment is put right by deploying the commit before.',
  },
  'api-error-rate': {
    wrong: 'In a quarter of an hour three answers or more were 5xx, and they were a fifth of all.',
    people: outage,
    todo: 'As for api-errors: where little is asked for, an outage looks like this. If doctor names a stopped flow, its 503 are counted here and are meant.',
  },
  'api-slow': {
    wrong: 'One request in a hundred took five seconds or more, for a quarter of an hour.',
    people: 'They wait, and some give up.',
    todo: 'X-Ray, trace map: which function, and whether DynamoDB or KMS is slow behind it. AWS: its health page. A function since a deployment: deploy the commit before.',
  },
  guessing: {
    wrong:
      'A thousand or more wrong codes, passwords, PINs, tokens or sessions in five minutes. Somebody tries them over many people, or an app of yours is broken.',
    people: 'No account opens: limits hold for each. Some are told to wait, and ask support.',
    todo: 'Access log, status 401, by ip and route. One network: block it in the firewall (WAF). An app of yours: mend it. Many networks: lower firewallRates in the settings of the stage, deploy, and tell support.',
  },
  'functions-throttled': {
    wrong: 'Lambda had no place for fifty requests or more in five minutes, twice in a row.',
    people: someWait,
    todo: 'CloudWatch, Throttles by function. Functions with reserved concurrency alone: a flood meets its bound, see guessing. All of them: something else of the account uses its concurrency up; ask for more in Service Quotas.',
  },
  'requests-blocked': {
    wrong: 'The firewall answered three thousand requests or more by itself in five minutes.',
    people: 'Nothing, unless it takes an app or office of yours for an attacker: then those are refused.',
    todo: 'Log group aws-waf-logs-latchkey-STAGE, by terminatingRuleId and httpRequest.clientIp. A stranger: nothing is to be done. An address of yours: raise firewallRates in the settings of the stage and deploy.',
  },
  'flow-stopped': {
    wrong: 'An operator has stopped a flow on purpose, and people are being refused by it.',
    people: 'What was stopped (such as resets by email) is answered with 503 and try again; the rest works.',
    todo: 'npx latchkey doctor names the flow. Who did it and why is in the notice firewall-changed and in the ledger. When the cause is gone: npx latchkey flow start FLOW.',
  },
  'certificate-expiring': {
    wrong: "The certificate of the API's name ends within thirty days, and ACM has not renewed it.",
    people: 'Nothing yet. When it ends, apps and pages reach nothing.',
    todo: 'ACM, this Region: the certificate says which DNS record it misses. Put that record back; ACM does the rest.',
  },
  'pages-certificate-expiring': {
    wrong: 'The certificate of the pages ends within thirty days, and ACM has not renewed it.',
    people: 'Nothing yet. When it ends, browsers refuse the pages.',
    todo: 'ACM in us-east-1: the certificate says which DNS record it misses. Put that record back; ACM does the rest.',
  },
  'canary-failed': {
    wrong:
      'Twice in a row a trial person could not recover by email (the canary: a real code, a new password, a sign-in).',
    people: 'In all likelihood they cannot either.',
    todo: 'Log of canary, lines canary_failed: step says where it ended, status and code what was answered. letter: no mail came, so look at SES, the MX record and the receipt rule. ask to sign-out: log of that function; if doctor names a stopped flow it is meant.',
  },
  'canary-silent': {
    wrong: 'For three quarters of an hour no trial recovery was proved.',
    people: 'Perhaps nothing: whether they can recover is not known.',
    todo: 'With canary-failed: see that. Without: the canary does not run. Its log, its schedule in EventBridge, the Lambda concurrency of the account. It rings once after its first deployment.',
  },
} as const

const workers = {
  'workers-throttled': {
    wrong:
      'Lambda had no place for the workers behind the API, fifty times or more in five minutes, twice in a row.',
    people: 'Codes and confirmations come late.',
    todo: 'CloudWatch, Throttles by function: which worker. As for functions-throttled; nothing is lost, the streams try again.',
  },
  'dead-letters-deliver': {
    wrong: 'A code was given up after all tries to send it.',
    people: codesWait,
    todo: `Log of deliver, lines not delivered: what SES (email) or SNS (SMS) refused: sandbox, quota of the day, sender not verified, spend. ${redrive} npx latchkey dead-letters list says which, dead-letters drop empties the queue.`,
  },
  'dead-letters-notify': {
    wrong: 'A confirmation or warning was given up after all tries to send it.',
    people: 'They are not told of a change in their account. Codes go out all the same.',
    todo: `Log of notify, lines not delivered: what SES or SNS refused. ${redrive} Then npx latchkey dead-letters drop.`,
  },
  'dead-letters-append-ledger': {
    wrong:
      'An event could not be entered into the audit ledger after all tries. It is not lost: it waits in the outbox.',
    people: nothing,
    todo: `Log of append-ledger, lines append_failed: error and cause. ${redrive} Then npx latchkey dead-letters drop.`,
  },
  'dead-letters-seal-ledger': {
    wrong: 'The function that signs the audit ledger failed twice.',
    people: nothing,
    todo: 'The next run, within five minutes, takes it up: if no-checkpoint does not ring too, npx latchkey dead-letters drop. Else see that.',
  },
  'dead-letters-sentinel': {
    wrong:
      'The watcher of the audit ledger could not record for a day what it saw. It sees changes of entries alone, so there was one.',
    people: nothing,
    todo: 'Treat it as ledger-tampered: log of sentinel, lines ledger_tampered.',
  },
  'dead-letters-sweep-outbox': {
    wrong: 'The function that brings left-over messages before the workers failed twice.',
    people: 'Nothing, unless something else is wrong: then codes that were left over do not come.',
    todo: 'Log of sweep-outbox. npx latchkey redrive does the same by hand. Then npx latchkey dead-letters drop.',
  },
  'dead-letters-watch-sms': {
    wrong: 'The watch over toll fraud by SMS failed twice. No country is paused while it does.',
    people: nothing,
    todo: 'Log of watch-sms. The daily cap of each country holds meanwhile; npx latchkey sms pause COUNTRY stops one by hand. Then npx latchkey dead-letters drop.',
  },
  'dead-letters-publish': {
    wrong: 'An entry could not be put on your event bus after a thousand tries. It is in the ledger.',
    people: 'Nothing from Latchkey; whatever of yours listens to the bus has missed something.',
    todo: 'Log of publish, lines publish_failed: is the bus there, does its policy let the role in? Who listens finds what is missing with npx latchkey ledger show USER_ID. Then npx latchkey dead-letters drop.',
  },
  'stream-behind-deliver': {
    wrong: 'Codes leave five minutes late or more. Most live no longer than that.',
    people: codesWait,
    todo: `${slowWorker} Is workers-throttled ringing? There is no backlog to save: people ask again.`,
  },
  'stream-behind-notify': {
    wrong: 'Confirmations and warnings leave five minutes late or more.',
    people: noticesWait,
    todo: 'Log of notify: put off means that SES or SNS takes less a second than is changed. Nothing is lost, the backlog goes out by itself; ask AWS for a higher rate if it is often so.',
  },
  'stream-behind-append-ledger': {
    wrong: 'The audit ledger is five minutes behind or more. Nothing is lost.',
    people: nothing,
    todo: `Log of append-ledger, lines append_failed; CloudWatch: throttled writes of the ledger and seal tables. ${slowWorker}`,
  },
  'stream-behind-sentinel': {
    wrong: 'The watcher of the audit ledger is five minutes behind: tampering would be noticed late.',
    people: nothing,
    todo: `It should have next to nothing to do. ${slowWorker}`,
  },
  'stream-behind-publish': {
    wrong: 'Entries reach your event bus five minutes late or more.',
    people: 'Nothing from Latchkey; whatever of yours listens to the bus is late.',
    todo: 'Log of publish, lines publish_failed: the bus, its policy, a quota of EventBridge. What it missed comes by itself within 24 hours of that.',
  },
  'outbox-old': {
    wrong:
      'A code, a confirmation or an event of the ledger has waited for a quarter of an hour, or nobody tells how old they are.',
    people: 'Perhaps codes or confirmations do not come: the alarms that ring beside it say which.',
    todo: 'If dead-letters-... or stream-behind-... ring: see those, then npx latchkey redrive. If none does: log of sweep-outbox, and its schedule in EventBridge. It rings once before the first run of a new stage.',
  },
} as const

const ledger = {
  'ledger-tampered': {
    wrong: 'An entry of the audit ledger was changed or removed. No role of Latchkey can do that.',
    people: nothing,
    todo: 'Do not deploy, do not repair. Keep the lines ledger_tampered of the log of sentinel. As auditor: npx latchkey ledger export DIR, then ledger verify DIR; keep DIR. CloudTrail: who changed the table or its policy. Tell whoever audits you.',
  },
  'no-checkpoint': {
    wrong: 'The audit ledger was not signed for an hour and a half; it is every hour at least.',
    people: nothing,
    todo: 'Log of seal-ledger. KMS refuses: is the checkpoint key enabled? S3 refuses: was the policy of the bucket changed? A checkpoint that does not follow the one before: ledger-tampered. The next run signs all that is missing.',
  },
  'witness-failed': {
    wrong: 'A signed checkpoint did not reach the witness that keeps copies outside of this account.',
    people: nothing,
    todo: "Log of seal-ledger, lines witness_failed: the mailbox, or the policy of the other account's bucket. The next checkpoint that arrives names the ones that were missed.",
  },
} as const

const tables = {
  'tables-throttled-reads': {
    wrong: 'DynamoDB refused twenty reads or more in five minutes, twice in a row.',
    people: someWait,
    todo: 'Dashboard of the stage: which table. Its contributor insights: one key (a single person or address is attacked, its limits answer that) or many. A flood: the ceiling does its work. Growth: raise tableCeiling in the settings of the stage and deploy.',
  },
  'tables-throttled-writes': {
    wrong: 'DynamoDB refused twenty writes or more in five minutes, twice in a row.',
    people: someWait,
    todo: 'Dashboard of the stage: which table. Its contributor insights: one key (a single person or address is attacked, its limits answer that) or many. A flood: the ceiling does its work. Growth: raise tableCeiling in the settings of the stage and deploy.',
  },
} as const

const messages = {
  'sms-cap-reached': {
    wrong: 'A country has had as many SMS today as the stage allows it. Toll fraud until shown otherwise.',
    people: 'Those with a number there get no code by SMS until midnight UTC.',
    todo: 'npx latchkey doctor. Fraud asks for codes and never uses them: npx latchkey tail --type CODE_SENT beside --type CODE_VERIFIED. Fraud: npx latchkey sms pause COUNTRY --reason TEXT. Real people: raise sms.dailyCaps in the settings of the stage and deploy.',
  },
  'sms-paused': {
    wrong:
      'Too many recovery codes by SMS to one country were never used, so they are paused there. Usually toll fraud, else a carrier that does not deliver.',
    people: 'Those with a number there cannot recover by SMS. Signing in, email and other countries go on.',
    todo: 'Log of watch-sms, line SmsPaused: country and numbers. It opens by itself when it is over. If it is no fraud: npx latchkey sms floor COUNTRY NUMBER (above that number), then npx latchkey sms resume COUNTRY. Fraud: suspend the identities it goes to.',
  },
  'sms-unwatched': {
    wrong:
      'The watch over toll fraud by SMS has said nothing for ten minutes: no country is paused, whoever floods it.',
    people: nothing,
    todo: 'Log of watch-sms, and its schedule in EventBridge. The daily caps hold. npx latchkey sms pause COUNTRY stops one by hand. It rings once before the first run of a new stage.',
  },
  'sms-spend': {
    wrong: 'Four fifths of what the stage allows for SMS this month are spent, over all of the account.',
    people: "Nothing yet. At the account's own limit SNS sends no SMS at all.",
    todo: 'Toll fraud? See sms-cap-reached. Else raise the limit at AWS (SNS, Text messaging), then sms.monthlySpendUsd in the settings of the stage, and deploy.',
  },
  'email-bounces': {
    wrong:
      'One mail in twenty bounces, over all that the account sends. AWS reviews the account from here on, and may stop its email.',
    people: 'Nothing yet. If AWS stops it, nobody gets a code by email.',
    todo: 'SES, reputation metrics: which sender and which addresses. Dead addresses of an import: suspend those identities, or take the addresses away.',
  },
  'email-complaints': {
    wrong:
      'One mail in a thousand is reported as spam, over all that the account sends. AWS reviews the account from here on.',
    people: 'Nothing yet. If AWS stops it, nobody gets a code by email.',
    todo: "Somebody may be asking for codes in other people's names: see guessing, and npx latchkey tail --type CODE_REQUESTED. Then SES, reputation metrics.",
  },
} as const

export const alarmWords = {
  ...api,
  ...workers,
  ...ledger,
  ...tables,
  ...messages,
} as const satisfies Readonly<Record<string, MailWords>>

export type AlarmId = keyof typeof alarmWords
