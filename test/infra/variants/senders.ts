/** A stage whose messages are sent by functions of the team's. */
import { describe, expect, it } from 'vitest'
import { roleLines } from '../policies.ts'
import { ofType, type Stacks } from '../synth.ts'

/** @param stacks of a stage with the senders `team-sms` and, of another account, `mail:live`, which mails its witness nothing */
export function aboutSenders(stacks: Stacks): void {
  const sending = (line: string) => /(ses|sns|lambda):/.test(line)

  describe('senders of the team', () => {
    it('are invoked by the workers that send, which have no other way to send then', () => {
      expect(roleLines(stacks).get('deliver')?.filter(sending)).toEqual([
        'Allow lambda:InvokeFunction arn:AWS::Partition:lambda:AWS::Region:AWS::AccountId:function:team-sms',
        'Allow lambda:InvokeFunction arn:aws:lambda:eu-central-1:111122223333:function:mail:live',
      ])
    })

    it('are in the settings of every function, and no template of SNS is missed', () => {
      const [, made] = ofType(stacks.workers, 'AWS::Lambda::Function')[0] ?? []
      expect(made?.Properties.Environment.Variables).toMatchObject({
        SENDER_SMS: 'team-sms',
        SENDER_EMAIL: 'arn:aws:lambda:eu-central-1:111122223333:function:mail:live',
      })
      expect(stacks.warnings.filter((each) => each.includes('templates'))).toEqual([])
    })
  })
}
