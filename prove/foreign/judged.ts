/**
 * Findings of foreign tools that are meant as they are, each with its reason. One that nothing needs any more fails the
 * proof, as does a finding without one. A resource is named where another one of its kind would be a real finding.
 */
import type { Judged, Tool } from './judge.ts'

/** One reason for what several rules, mostly of several tools, ask. */
const same = (reason: string, rules: readonly (readonly [Tool, string, RegExp?])[]): readonly Judged[] =>
  rules.map(([tool, rule, resource]) => ({ tool, rule, reason, ...(resource && { resource }) }))

const functions = [
  ...same(
    'A step answers a request and is never called without waiting; schedules and streams name a queue for what fails, which the rules do not look for.',
    [
      ['cdk-nag', 'Serverless-LambdaDLQ'],
      ['cdk-nag', 'NIST.800.53.R5-LambdaDLQ'],
      ['checkov', 'CKV_AWS_116'],
    ],
  ),
  ...same(
    'Functions speak to AWS, each with its own rights, and to the service of leaked passwords; a network of our own would add ways in and a bill, and keep nobody out.',
    [
      ['cdk-nag', 'NIST.800.53.R5-LambdaInsideVPC'],
      ['checkov', 'CKV_AWS_117'],
    ],
  ),
  ...same(
    'What burns a processor or sends has places of its own (infra/capacity.ts); the rest is held by throttles of its routes, and a new account has no places to give away.',
    [
      ['cdk-nag', 'NIST.800.53.R5-LambdaConcurrency'],
      ['checkov', 'CKV_AWS_115'],
    ],
  ),
  ...same('An environment holds names and numbers, no secret; Lambda encrypts it with a key of its own.', [
    ['checkov', 'CKV_AWS_173'],
  ]),
  ...same('The CDK makes the function that puts pages into their bucket; it runs at deployments alone.', [
    ['cdk-nag', 'Serverless-LambdaLatestVersion', /^pages\/Custom::CDKBucketDeployment\w+$/],
    ['cdk-nag', 'Serverless-LambdaTracing', /^pages\/Custom::CDKBucketDeployment\w+$/],
  ]),
]

const rights = [
  ...same('A policy is of one role and ends with it: nothing else could be given it by mistake.', [
    ['cdk-nag', 'NIST.800.53.R5-IAMNoInlinePolicy'],
  ]),
  ...same(
    'An SMS to a phone number has no resource that could be named (sns:Publish); topics, which have, are denied in the same policy.',
    [['checkov', 'CKV_AWS_111', /^AWS::IAM::Policy\.(deliver|notify)Role/]],
  ),
  ...same('API Gateway asks for these rights on every log of the account before it takes the role.', [
    ['checkov', 'CKV_AWS_111', /^AWS::IAM::Policy\.ApiApiGatewayLogRole/],
  ]),
]

const data = [
  ...same(
    'Holds only what may be forgotten: after a restore people ask for a new code and sign in again (docs/deploy.md, 7).',
    [
      ['cdk-nag', 'NIST.800.53.R5-DynamoDBPITREnabled', /^data\/(Challenges|Sessions)Table$/],
      ['checkov', 'CKV_AWS_28', /^AWS::DynamoDB::Table\.(Challenges|Sessions)Table/],
    ],
  ),
  ...same(
    'Entries are kept beside their checkpoints in the locked bucket (docs/adr/0105); identities have 35 days of point-in-time recovery, and a backup plan of the account, which can select tables by their tag, where that is not enough.',
    [['cdk-nag', 'NIST.800.53.R5-DynamoDBInBackupPlan']],
  ),
  ...same(
    'The key is used through DynamoDB of this account alone, which its condition says (kms:ViaService, kms:CallerAccount); rights on tables decide who.',
    [['checkov', 'CKV_AWS_33', /^AWS::KMS::Key\.TableKey/]],
  ),
  ...same('KMS rotates no HMAC key; new versions are keys of their own (docs/deploy.md, 6).', [
    ['checkov', 'CKV_AWS_7', /^AWS::KMS::Key\.(CodeDerive|Code|CodeCover|Link|Credential|Pseudonym)Key\d/],
  ]),
]

const buckets = [
  ...same('Who read a signed checkpoint or a page that anybody may read need not be recorded.', [
    ['cdk-nag', 'NIST.800.53.R5-S3BucketLoggingEnabled', /^(data\/LedgerBucket|pages\/Bucket)$/],
    ['checkov', 'CKV_AWS_18', /^AWS::S3::Bucket\.(LedgerBucket136870B6|Bucket83908E77)$/],
    ['checkov', 'CKV_AWS_86', /^AWS::CloudFront::Distribution\.Distribution/],
  ]),
  ...same(
    'Real for the loss of a Region: a copy of the checkpoints is with the witness of the stage, in another account, where one is set.',
    [['cdk-nag', 'NIST.800.53.R5-S3BucketReplicationEnabled', /^data\/LedgerBucket$/]],
  ),
  ...same('Pages are built again from the code, as they were, by a deployment.', [
    ['cdk-nag', 'NIST.800.53.R5-S3BucketReplicationEnabled', /^pages\/Bucket$/],
    ['cdk-nag', 'NIST.800.53.R5-S3BucketVersioningEnabled', /^pages\/Bucket$/],
    ['checkov', 'CKV_AWS_21', /^AWS::S3::Bucket\.Bucket83908E77$/],
  ]),
  ...same('Checkpoints and pages hold nothing to hide; S3 encrypts them with a key of its own.', [
    ['cdk-nag', 'NIST.800.53.R5-S3DefaultEncryptionKMS', /^(data\/LedgerBucket|pages\/Bucket)$/],
  ]),
]

const api = [
  ...same(
    'A caller of these routes has no credentials of AWS: a code, a token or a password is what is asked.',
    [
      [
        'checkov',
        'CKV_AWS_59',
        /^AWS::ApiGateway::Method\.ApiRest(?!admin)\w*(GET|POST|DELETE)[0-9A-F]{6,8}$/,
      ],
    ],
  ),
  ...same('API Gateway answers these by itself with 404, 405 or what a browser asks before a call.', [
    ['checkov', 'CKV_AWS_59', /^AWS::ApiGateway::Method\.\w*ANY[0-9A-F]{6,8}$/],
  ]),
  ...same('No reply may be kept: each one is about one person at one moment.', [
    ['cdk-nag', 'NIST.800.53.R5-APIGWCacheEnabledAndEncrypted'],
    ['checkov', 'CKV_AWS_120'],
  ]),
  ...same('Behind the API are functions, asked by IAM; a client certificate is for servers over HTTP.', [
    ['cdk-nag', 'NIST.800.53.R5-APIGWSSLEnabled'],
  ]),
  ...same('Nothing here is written in Java.', [['checkov', 'CKV_AWS_192', /^AWS::WAFv2::WebACL\.Firewall$/]]),
]

const watching = [
  ...same(
    'Logs hold no secret (G10), and CloudWatch encrypts them with a key of its own; one of ours would be a further thing whose loss blinds.',
    [
      ['cdk-nag', 'NIST.800.53.R5-CloudWatchLogGroupEncrypted'],
      ['checkov', 'CKV_AWS_158'],
    ],
  ),
  ...same('It is where failures end.', [['cdk-nag', 'Serverless-SQSRedrivePolicy', /-dead-letters$/]]),
  ...same('They name records and hold none, under a key of SQS, which the rule does not take for one.', [
    ['checkov', 'CKV_AWS_27', /^AWS::SQS::Queue\.Workers\w+deadletters/],
  ]),
  ...same('A run that is not started is followed by the next one; what matters is seen by `no-checkpoint`.', [
    ['cdk-nag', 'Serverless-EventBusDLQ', /^workers\/Workers\/[\w-]+-schedule$/],
  ]),
  ...same(
    'EventBridge tries the topic for a day; a queue beside it would be read by nobody whom the topic does not reach.',
    [['cdk-nag', 'Serverless-EventBusDLQ', /^workers\/Monitoring\/[\w-]+-changed(-\d)?$/]],
  ),
  ...same('What SNS cannot mail it has tried for hours; the alarm is still red in CloudWatch.', [
    ['cdk-nag', 'Serverless-SNSRedrivePolicy', /^workers\/Monitoring\/Topic\//],
  ]),
  ...same(
    'It carries names of alarms; a key that CloudWatch and EventBridge may not use would silence them all.',
    [
      ['cdk-nag', 'NIST.800.53.R5-SNSEncryptedKMS', /^workers\/Monitoring\/Topic$/],
      ['checkov', 'CKV_AWS_26', /^AWS::SNS::Topic\.MonitoringTopic/],
    ],
  ),
]

export const judgedFindings: readonly Judged[] = [
  ...functions,
  ...rights,
  ...data,
  ...buckets,
  ...api,
  ...watching,
  ...same('The CDK names a role twice, by reference and as what is waited for; it does no harm.', [
    ['cfn-lint', 'W3005'],
  ]),
]
