/** The credential key in a second Region, under the policy of the first: KMS would else give it one that lets the account use it. */
import { Aws, Stack, type StackProps } from 'aws-cdk-lib'
import * as kms from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import type { StageConfig } from './config.ts'
import { keeping } from './keeping.ts'
import { keyPolicy, pendingWindow } from './keys.ts'

type Replica = NonNullable<StageConfig['credentialReplica']>

export class ReplicaStack extends Stack {
  constructor(scope: Construct, id: string, config: StageConfig, replica: Replica, props: StackProps) {
    super(scope, id, { ...props, terminationProtection: !config.disposable })
    for (const [place, version] of config.keyVersions.credential.entries()) {
      const key = new kms.CfnReplicaKey(this, `CredentialKey${version}`, {
        primaryKeyArn: `arn:${Aws.PARTITION}:kms:${config.region}:${Aws.ACCOUNT_ID}:key/${replica.keyIds[place]}`,
        description: `Latchkey ${config.stage}: replica of the credential key (version ${version})`,
        keyPolicy: keyPolicy(config.stage, 'credential'),
        pendingWindowInDays: pendingWindow(config).toDays(),
      })
      key.applyRemovalPolicy(keeping(config))
    }
  }
}
