import { describe, expect, it } from 'vitest'
import { usersOf } from '../../../infra/keys.ts'
import { linesOf, policySizes, roleLines } from '../policies.ts'
import { ofType, type Stacks } from '../synth.ts'

/** Actions that have no resource to name. */
const withoutResource = [
  'cloudwatch:GetMetricStatistics',
  'dynamodb:ListStreams',
  'ses:GetIdentityVerificationAttributes',
  'ses:GetSendQuota',
  'sns:GetSMSAttributes',
  'sns:GetSMSSandboxAccountStatus',
  'sns:Publish',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
]

export function aboutAccess(stacks: Stacks): void {
  const roles = roleLines(stacks)

  describe('access', () => {
    it('is exactly this, role by role', async () => {
      const text = [...roles].map(([role, lines]) => [role, ...lines.map((line) => `  ${line}`)].join('\n'))
      await expect(`${text.sort().join('\n\n')}\n`).toMatchFileSnapshot('./expected/access.txt')
    })

    it('names every action, and every resource that can be named', () => {
      for (const line of [...roles.values()].flat()) {
        const [effect, action = '', resource] = line.split(' ')
        expect(action).not.toContain('*')
        if (effect === 'Allow' && resource === '*') expect(withoutResource).toContain(action)
      }
    })

    it('leaves room in the policy of each role: IAM takes 10,240 characters of them together', () => {
      for (const [role, size] of policySizes(stacks)) expect(size, role).toBeLessThan(8_000)
    })

    it('ends each right on challenges, identities and the seal at keys, but for scans', () => {
      for (const [role, lines] of roles)
        for (const line of lines.filter((each) =>
          /dynamodb:\w+ (Challenges|Identities|Seal)Table/.test(each),
        ))
          if (!(role === 'operator' && /dynamodb:(Scan|DescribeTable)/.test(line)))
            expect(line).toMatch(
              /if ForAllValues:StringLike dynamodb:LeadingKeys .* and Null .*dynamodb:LeadingKeys false/,
            )
    })

    it('lets no condition hold for want of what it is about', () => {
      for (const line of [...roles.values()].flat())
        for (const [, key] of line.matchAll(/ForAllValues:\w+ (\S+)/g))
          expect(line).toContain(`Null ${key} false`)
    })

    it('gives the key that makes codes to the sender alone, and the signing key to the sealer alone', () => {
      expect(usersOf('code-derive').get('GenerateMac')).toEqual(['deliver'])
      expect(usersOf('checkpoint').get('Sign')).toEqual(['seal-ledger'])
    })

    it('lets a key be used by exactly these roles, and administered without being used', async () => {
      const text = ofType(stacks.data, 'AWS::KMS::Key').map(([id, key]) => {
        const lines = linesOf(key.Properties.KeyPolicy.Statement)
        return [id.replace(/[0-9A-F]{8}$/, ''), ...lines.map((line) => `  ${line}`)].join('\n')
      })
      await expect(`${text.sort().join('\n\n')}\n`).toMatchFileSnapshot('./expected/keys.txt')
    })

    it('lets the sender of email use whatever configuration set its identity has, and no other sender address', () => {
      const ses = 'arn:AWS::Partition:ses:AWS::Region:AWS::AccountId'
      const from = 'if StringEquals ses:FromAddress no-reply@example.com'
      expect(roles.get('deliver')?.filter((line) => line.includes(' ses:'))).toEqual([
        `Allow ses:SendEmail ${ses}:configuration-set/* ${from}`,
        `Allow ses:SendEmail ${ses}:identity/example.com ${from}`,
        `Allow ses:SendEmail ${ses}:identity/no-reply@example.com ${from}`,
      ])
    })

    it('lets support call the routes of support, and nothing else of AWS', () => {
      const routes = (roles.get('support') ?? []).map((line) => {
        const [effect, action, resource = ''] = line.split(' ')
        return `${effect} ${action} ${resource.split('/live/')[1]}`
      })
      expect(routes.sort()).toEqual([
        'Allow execute-api:Invoke DELETE/admin/identities/*',
        'Allow execute-api:Invoke GET/admin/identities',
        'Allow execute-api:Invoke GET/admin/identities/*/ledger',
        'Allow execute-api:Invoke GET/admin/identities/*/state',
        ...['require-reset', 'resume', 'sign-out', 'state', 'suspend', 'unlock'].map(
          (act) => `Allow execute-api:Invoke POST/admin/identities/*/${act}`,
        ),
      ])
    })

    it('gives no function a way to send but the two senders', () => {
      const senders = [...roles].filter(([, lines]) =>
        lines.some((line) => /Allow (ses|sns):(?!Get)/.test(line)),
      )
      expect(senders.map(([role]) => role)).toEqual(['deliver', 'notify'])
    })
  })
}
