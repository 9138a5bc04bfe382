/** Where checkpoints are kept, and the entries that they seal: written once each by the sealer, and by nobody deleted before their time. */
import { Duration } from 'aws-cdk-lib'
import * as iam from 'aws-cdk-lib/aws-iam'
import * as s3 from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import type { StageConfig } from './config.ts'
import { keeping } from './keeping.ts'
import { acknowledge } from './nag.ts'
import type { BucketPart } from './rights.ts'
import { roleArnPattern } from './roles.ts'

/** Names of checkpoints and entries (`shared/stores/checkpoints.ts`, `ledger-archive.ts`). */
export const objectsOf = (part: Exclude<BucketPart, 'itself'>) => `${part}/*`

const deny = (sid: string, bucket: s3.Bucket, actions: string[], conditions?: Record<string, unknown>) =>
  new iam.PolicyStatement({
    sid,
    effect: iam.Effect.DENY,
    principals: [new iam.AnyPrincipal()],
    actions,
    resources: [bucket.arnForObjects('*')],
    ...(conditions && { conditions }),
  })

/** Not in a disposable stage: whoever destroys it has to be able to empty the bucket. */
const locked = ({ disposable, ledgerRetentionDays }: StageConfig): Partial<s3.BucketProps> =>
  disposable
    ? { autoDeleteObjects: true }
    : {
        objectLockEnabled: true,
        objectLockDefaultRetention: s3.ObjectLockRetention.compliance(Duration.days(ledgerRetentionDays)),
      }

/** @returns the bucket, under Object Lock in COMPLIANCE mode for the retention of the stage, unless that is disposable */
export function makeLedgerBucket(scope: Construct, config: StageConfig): s3.Bucket {
  const bucket = new s3.Bucket(scope, 'LedgerBucket', {
    ...locked(config),
    versioned: true,
    encryption: s3.BucketEncryption.S3_MANAGED,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    removalPolicy: keeping(config),
  })
  const denied = [
    deny('OnlyTheSealerPuts', bucket, ['s3:PutObject'], {
      ArnNotLike: { 'aws:PrincipalArn': roleArnPattern(config.stage, 'seal-ledger') },
    }),
    // A second checkpoint of one number would be a fork of the log: S3 refuses it, however it is asked for.
    deny('NeverOverAnother', bucket, ['s3:PutObject'], { Null: { 's3:if-none-match': 'true' } }),
    // Object Lock keeps the version; without this a delete marker could still hide it.
    ...(config.disposable
      ? []
      : [deny('NobodyDeletes', bucket, ['s3:DeleteObject', 's3:DeleteObjectVersion'])]),
  ]
  for (const statement of denied) bucket.addToResourcePolicy(statement)
  acknowledge(
    bucket,
    'AwsSolutions-S1',
    'What it holds is locked, and read by the auditor alone; who read it need not be known.',
  )
  return bucket
}
