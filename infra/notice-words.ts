/** What a notice of an administrator's call says, as `alarm-words.ts` does of alarms. They come once for each call. */
import type { MailWords } from './alarm-words.ts'

const nothingYet = 'Nothing yet.'

export const noticeWords = {
  'key-changed': {
    wrong:
      'A key that passwords, PINs, codes or the ledger rest on was disabled, set to be deleted, opened to others or copied to another Region.',
    people:
      'Nobody can sign in or recover while a key of theirs is disabled. Once deleted, every password and PIN is lost.',
    todo: 'A deployment of a new key version shows as PutKeyPolicy. Anything else: aws kms cancel-key-deletion and aws kms enable-key now, put its policy back by deploying, and ask who did it.',
  },
  'table-key-changed': {
    wrong: 'The key that all tables lie under was disabled, set to be deleted, or given another policy.',
    people: 'Everything fails while it is disabled. Once deleted, all data is lost, backups too.',
    todo: 'aws kms cancel-key-deletion and aws kms enable-key now; put its policy back by deploying. After seven days DynamoDB archives the tables.',
  },
  'table-changed': {
    wrong: 'The protection, policy or backups of a table were changed, or the table was deleted.',
    people: 'Nothing, unless a table is gone: then everything fails.',
    todo: "A deployment that changes a table shows here too. Anything else: put it back by deploying the data stack. The ledger's table: as auditor npx latchkey ledger export DIR and ledger verify DIR, since this is the step before tampering.",
  },
  'parameter-changed': {
    wrong:
      'The name of a table, key or bucket (SSM parameter) was written or deleted. The next deployment would read it.',
    people: nothingYet,
    todo: 'A deployment of the data stack by CloudFormation shows here too. Anything else: put it back by deploying the data stack, before anything else is deployed.',
  },
  'bucket-changed': {
    wrong: 'The bucket of signed checkpoints was changed. What is locked in it cannot be deleted by anybody.',
    people: 'Nothing.',
    todo: 'A deployment that changes it shows here too. Anything else: put it back by deploying the data stack, and as auditor npx latchkey ledger export DIR and ledger verify DIR.',
  },
  'function-changed': {
    wrong:
      'The code, settings, places or callers of a function were changed by hand, or deliver, which makes the codes, was changed in any way.',
    people: 'Nothing yet. Changed code may read every code and password that passes through it.',
    todo: 'A deployment that changes deliver shows here too. Anything else: deploy from a clean machine, and go through the section A function or its role is compromised of the runbook.',
  },
  'role-changed': {
    wrong:
      'A role was made under the path of the stage, which tables and keys take for one of its functions, or one of its roles was changed by hand.',
    people: 'Nothing yet. Such a role can read and change what that function can.',
    todo: 'A deployment that adds a function shows here too. Anything else: delete the role, or put it back by deploying; CloudTrail: what did it do? Then the section A function or its role is compromised of the runbook.',
  },
  'firewall-changed': {
    wrong: 'The firewall before the API was changed or taken away, or a flow was stopped or let go on.',
    people: 'If a flow was stopped, it answers 503 to them. Else nothing yet.',
    todo: 'npx latchkey doctor names stopped flows; who and why is in the ledger (FLOW_STOPPED). A deployment that changes the firewall shows here too. Anything else: put it back by deploying the service stack.',
  },
  'trail-changed': {
    wrong: 'A trail of CloudTrail was stopped, changed or deleted. All these notices come by it.',
    people: 'Nothing.',
    todo: 'Put it back today, and look at what was done in the account since.',
  },
  'alarm-changed': {
    wrong:
      'An alarm, a rule of these notices, their topic or its subscription was deleted, silenced or changed by hand.',
    people: 'Nothing.',
    todo: 'Put it back by deploying the workers stack (where it sees no difference, delete the alarm and deploy), confirm the subscription anew, and ask who wanted silence, and for what.',
  },
} as const satisfies Readonly<Record<string, MailWords>>

export type NoticeId = keyof typeof noticeWords
