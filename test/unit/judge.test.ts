import { describe, expect, it } from 'vitest'
import { readDynamoCall } from '#local/services/dynamodb-call.ts'
import { mayUse } from '../../infra/judge.ts'
import { type Access, may, note, put, set } from '../../infra/rights.ts'

const names = new Map([
  ['latchkey-challenges', 'challenges'],
  ['latchkey-sessions', 'sessions'],
])
const TableName = 'latchkey-challenges'
const keyed = (pk: string) => ({ TableName, Key: { pk: { S: pk } } })

/** Whether every part of a call as it stands on the wire is allowed. */
function allows(access: Access, operation: string, body: object): boolean {
  const { uses } = readDynamoCall(operation, Buffer.from(JSON.stringify(body)), names)
  return uses.length > 0 && uses.every((use) => mayUse(access, use))
}

describe('a right that ends at prefixes', () => {
  const access: Access = {
    tables: { challenges: [may(['UpdateItem', 'BatchGetItem', 'Query'], ['C#pin#', 'F#'])] },
  }
  const update = (pk: string) => ({ ...keyed(pk), UpdateExpression: 'SET a = :a' })

  it('allows items whose keys begin so, and no others', () => {
    expect(allows(access, 'UpdateItem', update('C#pin#1'))).toBe(true)
    expect(allows(access, 'UpdateItem', update('F#1'))).toBe(true)
    expect(allows(access, 'UpdateItem', update('C#pinned#1'))).toBe(false)
    expect(allows(access, 'UpdateItem', update('T#1'))).toBe(false)
  })

  it('allows the actions that it names, and no others', () => {
    expect(allows(access, 'DeleteItem', keyed('F#1'))).toBe(false)
    expect(allows(access, 'PutItem', { TableName, Item: { pk: { S: 'F#1' } } })).toBe(false)
  })

  it('judges each item of a transaction by its own action', () => {
    const transact = (...TransactItems: object[]) => allows(access, 'TransactWriteItems', { TransactItems })
    expect(transact({ Update: update('F#1') }, { Update: update('C#pin#1') })).toBe(true)
    expect(transact({ Update: update('F#1') }, { Update: update('T#1') })).toBe(false)
    expect(transact({ Update: update('F#1') }, { Put: { TableName, Item: { pk: { S: 'F#1' } } } })).toBe(
      false,
    )
    expect(transact({ ConditionCheck: { ...keyed('F#1'), ConditionExpression: 'a = b' } })).toBe(false)
  })

  it('judges all keys of a batch together', () => {
    const batch = (...keys: string[]) => ({
      RequestItems: { [TableName]: { Keys: keys.map((pk) => ({ pk: { S: pk } })) } },
    })
    expect(allows(access, 'BatchGetItem', batch('F#1', 'C#pin#1'))).toBe(true)
    expect(allows(access, 'BatchGetItem', batch('F#1', 'T#1'))).toBe(false)
    expect(allows(access, 'BatchGetItem', batch())).toBe(false)
  })

  it('finds the key of a query, and allows no scan', () => {
    const query = (pk: string) => ({
      TableName,
      KeyConditionExpression: '#pk = :pk',
      ExpressionAttributeNames: { '#pk': 'pk' },
      ExpressionAttributeValues: { ':pk': { S: pk } },
    })
    expect(allows(access, 'Query', query('F#1'))).toBe(true)
    expect(allows(access, 'Query', query('T#1'))).toBe(false)
    const scanning: Access = { tables: { challenges: [may(['Scan'], ['F#'])] } }
    expect(allows(scanning, 'Scan', { TableName })).toBe(false)
  })

  it('is no right on another table, nor on one that is not ours', () => {
    expect(allows(access, 'UpdateItem', { ...update('F#1'), TableName: 'latchkey-sessions' })).toBe(false)
    expect(allows(access, 'UpdateItem', { ...update('F#1'), TableName: 'somebody-elses' })).toBe(false)
  })

  it('allows nothing that cannot be told: PartiQL, tables as such, no JSON', () => {
    expect(allows(access, 'ExecuteStatement', { Statement: `UPDATE "${TableName}" SET a = 1` })).toBe(false)
    expect(allows(access, 'BatchWriteItem', { RequestItems: { [TableName]: [] } })).toBe(false)
    expect(allows(access, 'DescribeTable', { TableName })).toBe(false)
    expect(readDynamoCall('UpdateItem', Buffer.from('{'), names).uses).toEqual([])
  })
})

describe('a right that ends at attributes', () => {
  const access: Access = { tables: { challenges: [set(['seen', 'state'], ['T#'])] } }
  const change = (UpdateExpression: string, more: object = {}) =>
    allows(access, 'UpdateItem', { ...keyed('T#1'), UpdateExpression, ...more })

  it('allows changes and conditions of them and of the key', () => {
    expect(change('SET seen = :now', { ConditionExpression: 'attribute_exists(pk) AND seen < :now' })).toBe(
      true,
    )
    expect(change('ADD seen :one')).toBe(true)
  })

  it.each([
    'SET userId = :me',
    'SET seen = :now, userId = :me',
    'SET seen=:now,userId=:me',
    'SET seen = :now REMOVE userId',
    'set seen = :now add userId :one',
    'SET seen = if_not_exists(userId, :now)',
    'SET seen = seen + userId',
    'SET userId.part = :me',
    'SET userId[0] = :me',
    'DELETE userId :set',
  ])('allows no change of another: %s', (expression) => {
    expect(change(expression)).toBe(false)
  })

  it('sees through other names, whatever they look like', () => {
    expect(change('SET #seen = :me', { ExpressionAttributeNames: { '#seen': 'userId' } })).toBe(false)
    expect(change('SET #other = :now', { ExpressionAttributeNames: { '#other': 'seen' } })).toBe(true)
    expect(change('SET #0 = :me', { ExpressionAttributeNames: { '#0': 'userId' } })).toBe(false)
  })

  it('allows no condition on another: its answer would tell', () => {
    expect(change('SET seen = :now', { ConditionExpression: 'userId = :me' })).toBe(false)
    expect(change('SET seen = :now', { ConditionExpression: 'begins_with(userId, :me)' })).toBe(false)
    expect(
      change('SET seen = :now', { ConditionExpression: 'NOT (state IN (:a, :b)) OR size(userId) > :n' }),
    ).toBe(false)
  })

  it('allows no older way to say the same', () => {
    const old = { AttributeUpdates: { userId: { Value: { S: 'me' } } } }
    expect(allows(access, 'UpdateItem', { ...keyed('T#1'), ...old })).toBe(false)
    expect(change('SET seen = :now', { Expected: { userId: { Exists: true } } })).toBe(false)
  })

  it('allows putting items that hold nothing else', () => {
    const puts: Access = { tables: { challenges: [put(['event'])] } }
    const item = (more: object) => ({ TableName, Item: { pk: { S: 'S#1' }, ...more } })
    expect(allows(puts, 'PutItem', item({ event: { S: 'e' } }))).toBe(true)
    expect(allows(puts, 'PutItem', item({ event: { S: 'e' }, message: { S: 'm' } }))).toBe(false)
  })
})

describe('a note', () => {
  const access: Access = { tables: { sessions: [note(['lastUsedAt'])] } }
  const touch = (more: object = {}) =>
    allows(access, 'UpdateItem', {
      TableName: 'latchkey-sessions',
      Key: { userId: { S: 'u' }, sessionId: { S: 's' } },
      UpdateExpression: 'SET lastUsedAt = :now',
      ...more,
    })

  it('is allowed while nothing of the item comes back but what was changed', () => {
    expect(touch()).toBe(true)
    expect(touch({ ReturnValues: 'UPDATED_NEW' })).toBe(true)
    expect(touch({ ReturnValues: 'ALL_NEW' })).toBe(false)
    expect(touch({ ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })).toBe(false)
  })
})
