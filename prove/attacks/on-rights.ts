/** Attacks by a function that turned, on items that its step is not about. */
import type { Attack } from './attack.ts'

const leastRights = 'test/guarantees/g17-least-rights.test.ts'

export const turned: readonly Attack[] = [
  {
    name: 'a reset token, a challenge or a session written by a step that makes none',
    naive: 'rights are on whole tables',
    edits: [{ file: 'infra/judge.ts', search: '  coversKeys(right, use.keys) &&\n', replace: '' }],
    tests: [
      { file: leastRights, title: 'writes no reset token of anyone, unless its step makes tokens' },
      {
        file: leastRights,
        title:
          'turns no challenge to somebody else, nor reads one, unless its step is about codes of that flow',
      },
    ],
  },
  {
    name: 'a factor put into a session by a step that reads sessions, and a message ordered by one that tells nobody',
    naive: 'rights are on whole items',
    edits: [{ file: 'infra/judge.ts', search: '  coversAttributes(right, use) &&\n', replace: '' }],
    tests: [
      {
        file: leastRights,
        title: 'changes nothing of a session but the time of its use, where its step only reads it',
      },
      { file: leastRights, title: 'orders no message, unless its step tells people something' },
    ],
  },
]
