/** The text of an alarm's mail and of a notice: what is wrong, what people notice, what to do, and where there is more. */
import { type AlarmId, alarmWords, type MailWords } from './alarm-words.ts'
import { type NoticeId, noticeWords } from './notice-words.ts'

const partsOf = ({ wrong, people, todo }: MailWords) => [
  `What is wrong: ${wrong}`,
  `What people notice: ${people}`,
  `What to do: ${todo}`,
]

/** CloudWatch takes 1,024 characters and keeps their lines. @param stage its name */
export const alarmText = (stage: string, id: AlarmId): string =>
  [
    `Latchkey ${stage} (sign-in and account recovery): ${id}`,
    ...partsOf(alarmWords[id]),
    `Begin with: npx latchkey doctor --env latchkey.env, as operator, where the stage is deployed from.`,
    `Logs: groups latchkey-STAGE-service-NAME, latchkey-STAGE-workers-NAME; access log: latchkey-STAGE-service-ApiAccessLog.`,
    `More: docs/runbook.md#${id}`,
  ]
    .join('\n')
    .replaceAll('STAGE', stage)

/** One line, for EventBridge puts it together. @param what which call, by whom, and when */
export const noticeText = (stage: string, id: NoticeId, what: string): string =>
  [
    `Latchkey ${stage} (sign-in and account recovery), ${id}: ${what}.`,
    ...partsOf(noticeWords[id]),
    `More: docs/runbook.md#${id}`,
  ]
    .join(' ')
    .replaceAll('STAGE', stage)
