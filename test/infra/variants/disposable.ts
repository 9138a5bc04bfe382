/** A stage for a trial or a pull request, and one whose credential key has a replica. */
import { describe, expect, it } from 'vitest'
import { linesOf } from '../policies.ts'
import { ofType, stageConfig, synth } from '../synth.ts'

const prod = stageConfig('prod')
const keyId = `mrk-${'0123456789abcdef'.repeat(2)}`
const stacks = synth({
  ...prod,
  disposable: true,
  region: 'eu-central-1',
  credentialReplica: { region: 'eu-west-1', keyIds: [keyId] },
})
const { data, code, pages, replica, templates } = stacks

export function aboutDisposable(): void {
  describe('a disposable stage', () => {
    it('is gone with `cdk destroy`: nothing is kept, nothing is protected', () => {
      for (const [name, { Resources }] of Object.entries(templates))
        for (const [id, { DeletionPolicy = 'Delete', UpdateReplacePolicy = 'Delete' }] of Object.entries(
          Resources,
        ))
          expect([name, id, DeletionPolicy, UpdateReplacePolicy]).toEqual([name, id, 'Delete', 'Delete'])
      for (const [, table] of ofType(data, 'AWS::DynamoDB::Table'))
        expect(table.Properties.DeletionProtectionEnabled).toBe(false)
      for (const [, key] of ofType(data, 'AWS::KMS::Key')) expect(key.Properties.PendingWindowInDays).toBe(7)
    })

    it('empties its buckets, which nothing forbids: no lock, and no refusal to delete', () => {
      const [, bucket] = ofType(data, 'AWS::S3::Bucket')[0] ?? []
      expect(bucket?.Properties).not.toHaveProperty('ObjectLockEnabled')
      expect(bucket?.Properties).not.toHaveProperty('ObjectLockConfiguration')
      for (const resources of [data, pages])
        expect(ofType(resources, 'Custom::S3AutoDeleteObjects')).toHaveLength(1)
      const [, policy] = ofType(data, 'AWS::S3::BucketPolicy')[0] ?? []
      const denied = JSON.stringify(
        policy?.Properties.PolicyDocument.Statement.filter(
          ({ Effect }: { Effect: string }) => Effect === 'Deny',
        ),
      )
      expect(denied).not.toContain('s3:DeleteObject')
      expect(denied).toContain('OnlyTheSealerPuts')
    })

    it('has a sealer that asks for no lock, which a bucket without one would refuse', () => {
      for (const [, made] of ofType(code, 'AWS::Lambda::Function'))
        expect(made.Properties.Environment.Variables.LEDGER_RETENTION_DAYS).toBe('0')
    })
  })

  describe('a replica of the credential key', () => {
    it('has the policy of the key, and not the one that KMS would give it', () => {
      const [, key] = ofType(data, 'AWS::KMS::Key').find(([id]) => id.startsWith('CredentialKey1')) ?? []
      const [, copy] = ofType(replica, 'AWS::KMS::ReplicaKey')[0] ?? []
      expect(linesOf(copy?.Properties.KeyPolicy.Statement)).toEqual(
        linesOf(key?.Properties.KeyPolicy.Statement),
      )
      expect(JSON.stringify(copy?.Properties.KeyPolicy)).not.toContain('kms:*')
      expect(JSON.stringify(copy?.Properties.PrimaryKeyArn)).toContain(`:key/${keyId}`)
    })

    it('is a stack of its own, which waits for no other', () => {
      expect(Object.keys(templates)).toContain('latchkey-prod-replica')
      expect(Object.keys(replica)).toHaveLength(1)
      expect(templates['latchkey-prod-replica']?.Parameters ?? {}).not.toHaveProperty('CredentialKeys')
    })
  })
}
