/** One JSON line a request: who, which route, what came of it, how long. No body, header, query or typed path. */
import * as apigateway from 'aws-cdk-lib/aws-apigateway'
import { Metric } from 'aws-cdk-lib/aws-cloudwatch'
import * as iam from 'aws-cdk-lib/aws-iam'
import * as logs from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import type { StageConfig } from './config.ts'
import { keeping } from './keeping.ts'
import { acknowledge } from './nag.ts'

export const accessLogFields = {
  requestId: '$context.extendedRequestId',
  time: '$context.requestTimeEpoch',
  ip: '$context.identity.sourceIp',
  admin: '$context.identity.userArn',
  method: '$context.httpMethod',
  route: '$context.resourcePath',
  status: '$context.status',
  bytes: '$context.responseLength',
  ms: '$context.responseLatency',
  functionMs: '$context.integration.latency',
  functionStatus: '$context.integration.status',
  refusedAs: '$context.error.responseType',
  firewall: '$context.waf.status',
  tls: '$context.tlsVersion',
  trace: '$context.xrayTraceId',
} as const

export function makeAccessLog(scope: Construct, config: StageConfig): logs.LogGroup {
  return new logs.LogGroup(scope, 'AccessLog', {
    retention: config.logRetentionDays,
    removalPolicy: keeping(config),
  })
}

const refusals = (stage: string) => ({ namespace: `Latchkey/${stage}`, metricName: 'Refusals' })

/** Answers 401 of all routes: wrong codes, tokens, passwords, PINs and sessions. */
export const refusalMetric = (stage: string) => new Metric({ ...refusals(stage), label: '401' })

const throttled = (stage: string) => ({ namespace: `Latchkey/${stage}`, metricName: 'StepsThrottled' })

/** Requests whose step Lambda had no place for. */
export const throttledMetric = (stage: string) => new Metric({ ...throttled(stage), label: 'no place' })

/** Figures of the access log. @param scope of the API */
export function countAnswers(scope: Construct, stage: string, logGroup: logs.ILogGroup): void {
  const count = (id: string, field: string, value: string, { namespace, metricName }: MetricName) =>
    new logs.MetricFilter(scope, id, {
      logGroup,
      filterPattern: logs.FilterPattern.stringValue(field, '=', value),
      metricNamespace: namespace,
      metricName,
      metricValue: '1',
    })
  count('RefusalFilter', '$.status', '401', refusals(stage))
  // What Lambda told the API, not what the function did.
  count('ThrottledFilter', '$.functionStatus', '429', throttled(stage))
}

type MetricName = ReturnType<typeof refusals>

/**
 * API Gateway's own lines on errors, without requests. It would make the group by itself, and keep it for ever.
 * @param restApiId part of the name that API Gateway looks for
 */
export const makeExecutionLog = (
  scope: Construct,
  config: StageConfig,
  restApiId: string,
  stageName: string,
): logs.LogGroup =>
  new logs.LogGroup(scope, 'ExecutionLog', {
    logGroupName: `API-Gateway-Execution-Logs_${restApiId}/${stageName}`,
    retention: config.logRetentionDays,
    removalPolicy: keeping(config),
  })

/** The role by which API Gateway writes logs, one for the account and Region. */
export function makeLogRole(scope: Construct, config: StageConfig): apigateway.CfnAccount {
  const role = new iam.Role(scope, 'ApiGatewayLogRole', {
    assumedBy: new iam.ServicePrincipal('apigateway.amazonaws.com'),
  })
  role.addToPolicy(
    new iam.PolicyStatement({
      actions: [
        'logs:CreateLogGroup',
        'logs:CreateLogStream',
        'logs:DescribeLogGroups',
        'logs:DescribeLogStreams',
        'logs:FilterLogEvents',
        'logs:GetLogEvents',
        'logs:PutLogEvents',
      ],
      resources: ['*'],
    }),
  )
  acknowledge(
    role,
    'AwsSolutions-IAM5[Resource::*]',
    'API Gateway writes the logs of every API of the account by this one role, and asks for it whole.',
  )
  const account = new apigateway.CfnAccount(scope, 'ApiGatewayAccount', { cloudWatchRoleArn: role.roleArn })
  account.applyRemovalPolicy(keeping(config))
  role.applyRemovalPolicy(keeping(config))
  account.node.addDependency(role)
  return account
}
