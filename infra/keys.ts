/** The KMS keys. Each policy names the roles that may use the key, by path, and lets administrators do everything but use it. */
import { Aws, Duration } from 'aws-cdk-lib'
import * as iam from 'aws-cdk-lib/aws-iam'
import * as kms from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import { access } from './access.ts'
import type { KeyId, StageConfig } from './config.ts'
import { pascal } from './data.ts'
import { keeping } from './keeping.ts'
import { people } from './people-access.ts'
import type { Access, KeyAction } from './rights.ts'
import { type FunctionId, type PersonId, roleArnPattern } from './roles.ts'

interface Kind {
  readonly description: string
  readonly spec: kms.KeySpec
  readonly usage: kms.KeyUsage
  readonly multiRegion?: true
}

const hmac = { spec: kms.KeySpec.HMAC_256, usage: kms.KeyUsage.GENERATE_VERIFY_MAC } as const
const kinds: Readonly<Record<KeyId, Kind>> = {
  'code-derive': { ...hmac, description: 'Makes one-time codes' },
  code: { ...hmac, description: 'Proves one-time codes' },
  'code-cover': { ...hmac, description: 'Covers one-time codes at rest' },
  link: { ...hmac, description: 'Proves the links of it was not me' },
  /** Its loss would lose every credential, so it can have a replica in another Region. */
  credential: { ...hmac, description: 'Seals passwords and PINs', multiRegion: true },
  pseudonym: { ...hmac, description: 'Names unknown subjects in the ledger' },
  checkpoint: {
    spec: kms.KeySpec.ECC_NIST_P256,
    usage: kms.KeyUsage.SIGN_VERIFY,
    description: 'Signs ledger checkpoints',
  },
}

/** What administrators may do: everything about the key, nothing with it. */
const administration = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:DescribeKey',
  'kms:DisableKey',
  'kms:DisableKeyRotation',
  'kms:EnableKey',
  'kms:EnableKeyRotation',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:ListGrants',
  'kms:ListKeyPolicies',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:RevokeGrant',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateAlias',
  'kms:UpdateKeyDescription',
] as const
const replication = ['kms:ReplicateKey', 'kms:UpdatePrimaryRegion'] as const

const administer = (further: readonly string[] = []) =>
  new iam.PolicyStatement({
    sid: 'Administer',
    principals: [new iam.AccountRootPrincipal()],
    actions: [...administration, ...further],
    resources: ['*'],
  })

/** Roles that do something with a key, by what they do: turned round from the table of access. */
export function usersOf(key: KeyId): ReadonlyMap<KeyAction, readonly (FunctionId | PersonId)[]> {
  const users = new Map<KeyAction, (FunctionId | PersonId)[]>()
  const all: Readonly<Record<string, Access>> = { ...access, ...people }
  for (const [id, { keys }] of Object.entries(all))
    for (const action of keys?.[key] ?? [])
      users.set(action, [...(users.get(action) ?? []), id as FunctionId | PersonId])
  return users
}

function useStatements(stage: string, key: KeyId): iam.PolicyStatement[] {
  return [...usersOf(key)].map(
    ([action, users]) =>
      new iam.PolicyStatement({
        sid: action,
        principals: [new iam.AccountRootPrincipal()],
        actions: [`kms:${action}`],
        resources: ['*'],
        conditions: { ArnLike: { 'aws:PrincipalArn': users.map((id) => roleArnPattern(stage, id)) } },
      }),
  )
}

/** Nobody's credentials hang on a disposable stage: its keys go as soon as KMS lets them. */
export const pendingWindow = ({ disposable }: StageConfig) => Duration.days(disposable ? 7 : 30)

/** Of every version of a key, and of its replica. */
export const keyPolicy = (stage: string, id: KeyId) =>
  new iam.PolicyDocument({
    statements: [administer(kinds[id].multiRegion ? replication : []), ...useStatements(stage, id)],
  })

function versionedKey(scope: Construct, config: StageConfig, id: KeyId, version: number): kms.Key {
  const kind = kinds[id]
  return new kms.Key(scope, `${pascal(id)}Key${version}`, {
    alias: `alias/latchkey-${config.stage}/${id}-${version}`,
    description: `Latchkey ${config.stage}: ${kind.description} (version ${version})`,
    keySpec: kind.spec,
    keyUsage: kind.usage,
    multiRegion: kind.multiRegion === true,
    pendingWindow: pendingWindow(config),
    removalPolicy: keeping(config),
    policy: keyPolicy(config.stage, id),
  })
}

/** Every version of every key that makes or proves values, oldest first. */
export function makeKeys(scope: Construct, config: StageConfig): Readonly<Record<KeyId, readonly kms.Key[]>> {
  const made = (id: KeyId) =>
    config.keyVersions[id].map((version) => versionedKey(scope, config, id, version))
  return {
    'code-derive': made('code-derive'),
    code: made('code'),
    'code-cover': made('code-cover'),
    link: made('link'),
    credential: made('credential'),
    pseudonym: made('pseudonym'),
    checkpoint: made('checkpoint'),
  }
}

/** The key under which the tables lie. It is used through DynamoDB alone, by whoever may use the table. */
export function makeTableKey(scope: Construct, config: StageConfig): kms.Key {
  return new kms.Key(scope, 'TableKey', {
    alias: `alias/latchkey-${config.stage}/tables`,
    description: `Latchkey ${config.stage}: encrypts the tables`,
    enableKeyRotation: true,
    pendingWindow: pendingWindow(config),
    removalPolicy: keeping(config),
    policy: new iam.PolicyDocument({
      statements: [
        administer(),
        new iam.PolicyStatement({
          sid: 'ThroughDynamoDb',
          principals: [new iam.AnyPrincipal()],
          actions: [
            'kms:CreateGrant',
            'kms:Decrypt',
            'kms:DescribeKey',
            'kms:Encrypt',
            'kms:GenerateDataKey',
            'kms:GenerateDataKeyWithoutPlaintext',
            'kms:ReEncryptFrom',
            'kms:ReEncryptTo',
          ],
          resources: ['*'],
          conditions: {
            StringEquals: {
              'kms:CallerAccount': Aws.ACCOUNT_ID,
              'kms:ViaService': `dynamodb.${Aws.REGION}.amazonaws.com`,
            },
          },
        }),
      ],
    }),
  })
}
