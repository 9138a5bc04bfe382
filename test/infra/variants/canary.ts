/** A stage with a canary. */
import { describe, expect, it } from 'vitest'
import { entryOf } from '../../../infra/bundle.ts'
import { fromRoot } from '../from-root.ts'
import { roleLines } from '../policies.ts'
import { ofType, type Stacks } from '../synth.ts'

export function aboutCanary(stacks: Stacks): void {
  const { service, workers } = stacks
  describe('a canary', () => {
    it('runs each quarter of an hour, once, and knows the API, its address and its mailbox', () => {
      const [id, made] =
        ofType(service, 'AWS::Lambda::Function').find(([, { Properties }]) =>
          Properties.Description.endsWith(': canary'),
        ) ?? []
      expect(made?.Properties.Environment.Variables).toMatchObject({
        CANARY_URL: 'https://api.acme.test',
        CANARY_EMAIL: 'canary@canary.acme.test',
        CANARY_BUCKET: { Ref: expect.stringMatching(/^CanaryMailbox/) },
      })
      const schedules = ofType(service, 'AWS::Events::Rule').map(([, { Properties }]) => Properties)
      expect(schedules).toMatchObject([
        { ScheduleExpression: 'rate(15 minutes)', Targets: [{ Arn: { 'Fn::GetAtt': [id, 'Arn'] } }] },
      ])
      const [, retries] = ofType(service, 'AWS::Lambda::EventInvokeConfig')[0] ?? []
      expect(retries?.Properties.MaximumRetryAttempts).toBe(0)
    })

    it('may register one person who is nobody and read its letters, and nothing else', () => {
      const lines = (roleLines(stacks).get('canary') ?? []).filter((line) => !/ (logs|xray):/.test(line))
      expect(lines).toEqual([
        expect.stringMatching(/^Allow execute-api:Invoke .*\/live\/PUT\/admin\/identities\/latchkey-canary$/),
        'Allow s3:GetObject CanaryMailbox.Arn/letters/*',
        'Allow s3:ListBucket CanaryMailbox.Arn if StringLike s3:prefix letters/*',
      ])
    })

    it('is sent what SES receives for it, in transit under TLS, and keeps it for a day', () => {
      const [, rule] = ofType(service, 'AWS::SES::ReceiptRule')[0] ?? []
      expect(rule?.Properties).toMatchObject({
        RuleSetName: 'of-acme',
        Rule: { Enabled: true, Recipients: ['canary@canary.acme.test'], TlsPolicy: 'Require' },
      })
      const [id, bucket] = ofType(service, 'AWS::S3::Bucket')[0] ?? []
      expect(bucket?.Properties.LifecycleConfiguration.Rules).toMatchObject([
        { ExpirationInDays: 1, Status: 'Enabled' },
      ])
      const [, policy] = ofType(service, 'AWS::S3::BucketPolicy')[0] ?? []
      const allowed = policy?.Properties.PolicyDocument.Statement.filter(
        ({ Effect }: { Effect: string }) => Effect === 'Allow',
      )
      expect(allowed).toMatchObject([
        {
          Principal: { Service: 'ses.amazonaws.com' },
          Action: 's3:PutObject',
          Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [id, 'Arn'] }, '/letters/*']] },
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        },
      ])
      const [, mx] =
        ofType(service, 'AWS::Route53::RecordSet').find(([, { Properties }]) => Properties.Type === 'MX') ??
        []
      expect(mx?.Properties.Name).toBe('canary.acme.test.')
    })

    it('wakes somebody when it fails twice in a row, and when it is silent', () => {
      const alarms = ofType(workers, 'AWS::CloudWatch::Alarm')
        .map(([, { Properties }]) => Properties)
        .filter(({ AlarmDescription }) => AlarmDescription.includes('#canary'))
      expect(alarms).toMatchObject([
        {
          MetricName: 'CanaryFailed',
          Threshold: 1,
          EvaluationPeriods: 2,
          Period: 900,
          TreatMissingData: 'notBreaching',
        },
        {
          MetricName: 'CanaryProved',
          Threshold: 1,
          EvaluationPeriods: 1,
          Period: 2700,
          TreatMissingData: 'breaching',
        },
      ])
      const filters = ofType(service, 'AWS::Logs::MetricFilter').map(([, { Properties }]) => Properties)
      const source = fromRoot(entryOf('canary'))
      for (const { MetricName, Namespace } of alarms) {
        const filter = filters.find(({ MetricTransformations: [made] }) => made.MetricName === MetricName)
        expect(filter?.MetricTransformations[0].MetricNamespace).toBe(Namespace)
        const [, line = ''] = /= "(\w+)"/.exec(filter?.FilterPattern) ?? []
        expect(source).toContain(`'${line}'`)
      }
    })
  })
}
