import { describe, expect, it } from 'vitest'
import { type Table, type TableId, tables } from '#shared/tables.ts'
import { expectedLines } from '../expected-lines.ts'
import { ofType, type Resource, type Stacks } from '../synth.ts'

const stateful = new Set(['AWS::DynamoDB::Table', 'AWS::KMS::Key', 'AWS::S3::Bucket'])

/** What CloudFormation cannot change without making the resource anew, of the types that hold state. */
const replacing = [
  'KeySchema',
  'KeySpec',
  'KeyUsage',
  'LocalSecondaryIndexes',
  'MultiRegion',
  'Origin',
  'TableName',
  'BucketName',
  'ObjectLockEnabled',
]
const identityOf = (id: string, { Type, Properties }: Resource) => {
  const fixed = replacing.flatMap((name) => (name in Properties ? [[name, Properties[name]]] : []))
  return `${Type} ${id} ${JSON.stringify(Object.fromEntries(fixed))}`
}

export function aboutData({ data, code }: Stacks): void {
  const made = ofType(data, 'AWS::DynamoDB::Table').map(([, table]) => table)
  const definitions = Object.entries(tables) as [TableId, Table][]
  const keyOf = (name: string) =>
    made.find((table) => table.Properties.KeySchema[0].AttributeName === name)?.Properties

  describe('the data stack', () => {
    it('has the tables of the shared definition and no other', () => {
      expect(made).toHaveLength(definitions.length)
    })

    it('encrypts every table with our key, bounds its cost and keeps it from being deleted', () => {
      for (const { Properties, DeletionPolicy, UpdateReplacePolicy } of made) {
        expect(Properties.SSESpecification).toMatchObject({ SSEEnabled: true, SSEType: 'KMS' })
        expect(Properties.SSESpecification.KMSMasterKeyId).toBeDefined()
        expect(Properties.BillingMode).toBe('PAY_PER_REQUEST')
        expect(Properties.OnDemandThroughput).toEqual({
          MaxReadRequestUnits: 20_000,
          MaxWriteRequestUnits: 20_000,
        })
        expect(Properties.DeletionProtectionEnabled).toBe(true)
        expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['RetainExceptOnCreate', 'Retain'])
      }
    })

    it.each(definitions)(
      'keeps %s recoverable as long as it is durable, and its keys, TTL and stream as defined',
      (_, definition) => {
        const candidates = made.filter(
          ({ Properties }) =>
            Properties.KeySchema.map((key: { AttributeName: string }) => key.AttributeName).join() ===
            [definition.partitionKey, definition.sortKey].filter(Boolean).join(),
        )
        const table = candidates.find(
          ({ Properties }) => Properties.StreamSpecification?.StreamViewType === definition.stream,
        )?.Properties
        expect(table).toBeDefined()
        const ttls = candidates.map(({ Properties }) => Properties.TimeToLiveSpecification?.AttributeName)
        expect(ttls).toContain(definition.ttl)
        const recoverable = candidates.map(
          ({ Properties }) => Properties.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled,
        )
        expect(recoverable).toContain(definition.durable)
      },
    )

    it('numbers the entries of a chain by a number, so that they sort as such', () => {
      expect(keyOf('chain').AttributeDefinitions).toContainEqual({ AttributeName: 'seq', AttributeType: 'N' })
    })

    it('holds the keys of their kinds, all retained', () => {
      const keys = ofType(data, 'AWS::KMS::Key').map(([id, { Properties, DeletionPolicy }]) => [
        id.replace(/[0-9A-F]{8}$/, ''),
        Properties.KeySpec ?? 'SYMMETRIC_DEFAULT',
        Properties.MultiRegion === true ? 'multi-Region' : 'one Region',
        Properties.PendingWindowInDays,
        DeletionPolicy,
      ])
      expect(keys.sort()).toEqual([
        ['CheckpointKey1', 'ECC_NIST_P256', 'one Region', 30, 'RetainExceptOnCreate'],
        ['CodeCoverKey1', 'HMAC_256', 'one Region', 30, 'RetainExceptOnCreate'],
        ['CodeDeriveKey1', 'HMAC_256', 'one Region', 30, 'RetainExceptOnCreate'],
        ['CodeKey1', 'HMAC_256', 'one Region', 30, 'RetainExceptOnCreate'],
        ['CredentialKey1', 'HMAC_256', 'multi-Region', 30, 'RetainExceptOnCreate'],
        ['LinkKey1', 'HMAC_256', 'one Region', 30, 'RetainExceptOnCreate'],
        ['PseudonymKey1', 'HMAC_256', 'one Region', 30, 'RetainExceptOnCreate'],
        ['TableKey', 'SYMMETRIC_DEFAULT', 'one Region', 30, 'RetainExceptOnCreate'],
      ])
    })

    it('is the only one with state', () => {
      expect(Object.values(code).filter((resource) => stateful.has(resource.Type))).toEqual([])
    })

    it('replaces nothing of a stage that version 0.1.0 deployed: each table, key and bucket is the one it was', () => {
      const now = Object.entries(data).map(([id, resource]) => identityOf(id, resource))
      expect(now).toEqual(expect.arrayContaining(expectedLines('stateful-before.txt')))
    })

    it('keeps its logical ids: a changed one would replace what it names', async () => {
      const ids = Object.entries(data)
        .filter(([, resource]) => stateful.has(resource.Type))
        .map(([id, resource]) => `${resource.Type} ${id}`)
      await expect(`${ids.sort().join('\n')}\n`).toMatchFileSnapshot('./expected/stateful-ids.txt')
    })
  })
}
