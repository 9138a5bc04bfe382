/** The only way a function is made here: its own role and log group, one processor kind, tracing, JSON logs. */
import { Aws, Duration } from 'aws-cdk-lib'
import * as iam from 'aws-cdk-lib/aws-iam'
import * as lambda from 'aws-cdk-lib/aws-lambda'
import * as logs from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import { access } from './access.ts'
import { memoryMb, reservationOf, timeoutSeconds } from './capacity.ts'
import type { StageConfig } from './config.ts'
import type { Data } from './data.ts'
import { settingsEnvironment } from './environment.ts'
import { statementsOf, witnessObjects } from './grants.ts'
import { keeping } from './keeping.ts'
import { objectsOf } from './ledger-bucket.ts'
import { acknowledge } from './nag.ts'
import type { Processor } from './processors.ts'
import type { Access } from './rights.ts'
import { type FunctionId, rolePath } from './roles.ts'

const architectures: Readonly<Record<Processor, lambda.Architecture>> = {
  arm64: lambda.Architecture.ARM_64,
  x86_64: lambda.Architecture.X86_64,
}

/** Where the bundle of a function comes from. */
export type CodeOf = (id: FunctionId) => lambda.Code

export interface StepFunctionProps {
  readonly id: FunctionId
  readonly code: lambda.Code
  readonly data: Data
  readonly config: StageConfig
  /** Settings of this one function. */
  readonly environment?: Readonly<Record<string, string>>
}

export class StepFunction extends Construct {
  readonly function: lambda.Function
  readonly role: iam.Role
  readonly log: logs.LogGroup

  constructor(scope: Construct, { id, code, data, config, environment = {} }: StepFunctionProps) {
    super(scope, id)
    this.log = new logs.LogGroup(this, 'Log', {
      retention: config.logRetentionDays,
      removalPolicy: keeping(config),
    })
    this.role = this.makeRole(id, data, config)
    const reserved = config.reserveConcurrency ? reservationOf(id, config.places) : undefined
    this.function = new lambda.Function(this, 'Function', {
      description: `Latchkey ${config.stage}: ${id}`,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: architectures[config.target.processor],
      handler: 'index.handler',
      code,
      role: this.role,
      logGroup: this.log,
      loggingFormat: lambda.LoggingFormat.JSON,
      applicationLogLevelV2: lambda.ApplicationLogLevel.INFO,
      systemLogLevelV2: lambda.SystemLogLevel.WARN,
      tracing: lambda.Tracing.ACTIVE,
      memorySize: memoryMb(id, config.loginFloorMs),
      timeout: Duration.seconds(timeoutSeconds(id)),
      environment: settingsEnvironment(data, config, environment),
      ...(reserved !== undefined && { reservedConcurrentExecutions: reserved }),
    })
  }

  private makeRole(id: FunctionId, data: Data, config: StageConfig): iam.Role {
    const role = new iam.Role(this, 'Role', {
      description: `Latchkey ${config.stage}: ${id}`,
      path: rolePath(config.stage, id),
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    })
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [this.log.logGroupArn],
      }),
    )
    for (const statement of statementsOf(id, access[id], data, config)) role.addToPolicy(statement)
    acknowledge(
      role,
      'AwsSolutions-IAM5[Resource::*]',
      'Tracing (xray:Put...), listing streams and SMS to a number are actions for which no resource can be named.',
    )
    acknowledge(
      role,
      'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:configuration-set/*]',
      'Which configuration set an identity has by default is the team’s to say; the sender is fixed all the same.',
    )
    acknowledgeBucket(role, access[id])
    const witness = witnessObjects(id, config)
    if (witness !== undefined) acknowledgeObjects(role, witness.replace(Aws.PARTITION, '<AWS::Partition>'))
    return role
  }
}

/** A function for each, by its id. */
export const makeFunctions = <Id extends FunctionId>(
  scope: Construct,
  ids: readonly Id[],
  codeOf: CodeOf,
  data: Data,
  config: StageConfig,
): ReadonlyMap<Id, StepFunction> =>
  new Map(ids.map((id) => [id, new StepFunction(scope, { id, code: codeOf(id), data, config })]))

/** Beside each role that reads or writes checkpoints or entries. */
export function acknowledgeBucket(role: iam.Role, { bucket = {} }: Access): void {
  for (const part of ['checkpoints', 'entries'] as const)
    if (bucket[part] !== undefined)
      acknowledgeObjects(role, `arn:<AWS::Partition>:s3:::<LedgerBucket>/${objectsOf(part)}`)
}

const acknowledgeObjects = (role: iam.Role, name: string) =>
  acknowledge(
    role,
    `AwsSolutions-IAM5[Resource::${name}]`,
    'One object a checkpoint, and one or more of what it seals: their names are not known before.',
  )
