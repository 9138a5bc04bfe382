import { describe, expect, it } from 'vitest'
import { roleLines } from '../policies.ts'
import { ofType, type Stacks } from '../synth.ts'

const forbidden = [
  'dynamodb:BatchWriteItem',
  'dynamodb:DeleteItem',
  'dynamodb:PartiQLDelete',
  'dynamodb:PartiQLInsert',
  'dynamodb:PartiQLUpdate',
  'dynamodb:UpdateItem',
]
const appender = {
  'Fn::Join': [
    '',
    [
      'arn:',
      { Ref: 'AWS::Partition' },
      ':iam::',
      { Ref: 'AWS::AccountId' },
      ':role/latchkey-prod/append-ledger/*',
    ],
  ],
}
const sealer = JSON.parse(JSON.stringify(appender).replace('append-ledger', 'seal-ledger'))

export function aboutLedger(stacks: Stacks): void {
  const [, ledger] =
    ofType(stacks.data, 'AWS::DynamoDB::Table').find(([id]) => id.startsWith('LedgerTable')) ?? []
  const statements = ledger?.Properties.ResourcePolicy.PolicyDocument.Statement

  describe('the ledger (G9)', () => {
    it('denies everyone to change or delete an entry, and all but the appender to put one', () => {
      expect(statements).toEqual([
        {
          Sid: 'NobodyChangesOrDeletes',
          Effect: 'Deny',
          Principal: { AWS: '*' },
          Action: forbidden,
          Resource: '*',
        },
        {
          Sid: 'OnlyTheAppenderPuts',
          Effect: 'Deny',
          Principal: { AWS: '*' },
          Action: 'dynamodb:PutItem',
          Resource: '*',
          Condition: { ArnNotLike: { 'aws:PrincipalArn': appender } },
        },
      ])
    })

    it('gives no role a write but the appender its put', () => {
      const writes = [...roleLines(stacks)].flatMap(([role, lines]) =>
        lines
          .filter(
            (line) => line.includes('LedgerTable.Arn') && !/:(Query|Scan|GetItem|DescribeTable) /.test(line),
          )
          .map((line) => `${role}: ${line}`),
      )
      expect(writes).toEqual(['append-ledger: Allow dynamodb:PutItem LedgerTable.Arn'])
    })

    it('puts the appender in the path that the table names', () => {
      const paths = ofType(stacks.code, 'AWS::IAM::Role').map(([, role]) => role.Properties.Path)
      expect(paths).toContain('/latchkey-prod/append-ledger/')
      expect(paths).toContain('/latchkey-prod/seal-ledger/')
    })

    it('keeps checkpoints under Object Lock in COMPLIANCE mode for the named retention', () => {
      const [, bucket] = ofType(stacks.data, 'AWS::S3::Bucket')[0] ?? []
      expect(bucket?.Properties.ObjectLockConfiguration).toEqual({
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Days: 2557, Mode: 'COMPLIANCE' } },
      })
      expect(bucket?.Properties.VersioningConfiguration).toEqual({ Status: 'Enabled' })
      expect(bucket?.Properties.PublicAccessBlockConfiguration).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      })
    })

    it('takes checkpoints from the sealer alone, over TLS, never over another, and lets nobody delete one', () => {
      const [, policy] = ofType(stacks.data, 'AWS::S3::BucketPolicy')[0] ?? []
      const statements = policy?.Properties.PolicyDocument.Statement.filter(
        (statement: { Effect: string }) => statement.Effect === 'Deny',
      )
      const denied = statements.map((statement: { Action: string; Condition: unknown }) => [
        statement.Action,
        statement.Condition,
      ])
      for (const { Principal } of statements) expect(Principal).toEqual({ AWS: '*' })
      expect(denied).toEqual([
        ['s3:*', { Bool: { 'aws:SecureTransport': 'false' } }],
        ['s3:*', { NumericLessThan: { 's3:TlsVersion': 1.2 } }],
        ['s3:PutObject', { ArnNotLike: { 'aws:PrincipalArn': sealer } }],
        ['s3:PutObject', { Null: { 's3:if-none-match': 'true' } }],
        [['s3:DeleteObject', 's3:DeleteObjectVersion'], undefined],
      ])
    })
  })
}
