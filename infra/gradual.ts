/**
 * Gradual deployment, where a stage asks for it: what signs people in and resets their secrets is called through an alias, and a new
 * version gets a tenth of the calls for five minutes before it gets all. Where the API fails meanwhile CodeDeploy gives them back to
 * the version before, and the deployment of the stack fails.
 */
import { Duration } from 'aws-cdk-lib'
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch'
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy'
import * as iam from 'aws-cdk-lib/aws-iam'
import * as lambda from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import type { StepId } from '../shared/contract/routes.ts'
import { apiFigures } from './api-figures.ts'
import type { StageConfig } from './config.ts'
import { acknowledge } from './nag.ts'
import type { StepFunction } from './step-function.ts'

export const gradualSteps = ['login', 'reset-password', 'reset-pin'] as const satisfies readonly StepId[]

/** A step that cannot do its work answers 503 by itself and is no error of Lambda's: the API counts both. */
const failures = { threshold: 5, everyMinutes: 1 } as const

const managedPolicy = 'service-role/AWSCodeDeployRoleForLambdaLimited'

export class Gradual extends Construct {
  /** What the API calls in place of the function. */
  readonly entries: ReadonlyMap<StepId, lambda.IFunction>

  constructor(scope: Construct, id: string, config: StageConfig, steps: ReadonlyMap<StepId, StepFunction>) {
    super(scope, id)
    const application = new codedeploy.LambdaApplication(this, 'Application')
    const role = this.makeRole(config)
    const alarm = this.makeAlarm(config)
    this.entries = new Map(
      gradualSteps.flatMap((step): (readonly [StepId, lambda.IFunction])[] => {
        const made = steps.get(step)
        if (made === undefined) return []
        const alias = new lambda.Alias(this, `${step}-alias`, {
          aliasName: 'live',
          // The CDK's own classes do not fit its interfaces under exact optional properties.
          version: made.function.currentVersion as lambda.IVersion,
        })
        new codedeploy.LambdaDeploymentGroup(this, `${step}-group`, {
          application,
          alias,
          role,
          alarms: [alarm],
          deploymentConfig: codedeploy.LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,
        })
        return [[step, alias as lambda.IFunction]]
      }),
    )
  }

  private makeRole({ stage }: StageConfig): iam.Role {
    const role = new iam.Role(this, 'Role', {
      description: `Latchkey ${stage}: moves calls from one version to the next`,
      assumedBy: new iam.ServicePrincipal('codedeploy.amazonaws.com'),
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName(managedPolicy)],
    })
    acknowledge(
      role,
      `AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${managedPolicy}]`,
      'What CodeDeploy needs to move an alias; AWS keeps the list.',
    )
    return role
  }

  private makeAlarm({ stage }: StageConfig): cloudwatch.Alarm {
    return new cloudwatch.Alarm(this, 'Alarm', {
      alarmDescription: `Latchkey ${stage}: a deployment goes back (docs/deploy.md, 5)`,
      metric: apiFigures.serverErrors(stage, {
        period: Duration.minutes(failures.everyMinutes),
        statistic: cloudwatch.Stats.SUM,
      }),
      threshold: failures.threshold,
      evaluationPeriods: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    })
  }
}
