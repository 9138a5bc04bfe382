/** Alarms of what stands before the functions: the API by rate, the firewall, the certificate. By name, as `api-figures.ts`. */
import { Aws, Duration } from 'aws-cdk-lib'
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch'
import type { AlarmRow } from './alarm-row.ts'
import type { AlarmId } from './alarm-words.ts'
import { apiFigures } from './api-figures.ts'
import type { StageConfig } from './config.ts'
import { firewallName } from './firewall-rules.ts'
import { stopRuleName } from './flow-stops.ts'

const { SUM, SAMPLE_COUNT, MINIMUM } = cloudwatch.Stats
const quarter = Duration.minutes(15)

/** Where little is asked for ten errors never come together: a share of what was asked tells of an outage all the same. */
const fewestErrors = 3
const errorPercent = 20

const errorRate = (stage: string) =>
  new cloudwatch.MathExpression({
    expression: `IF(errors >= ${fewestErrors}, 100 * errors / requests, 0)`,
    usingMetrics: {
      errors: apiFigures.serverErrors(stage, { period: quarter, statistic: SUM }),
      requests: apiFigures.requests(stage, { period: quarter, statistic: SAMPLE_COUNT }),
    },
    label: '% of answers that are 5xx',
    period: quarter,
  })

/** Requests that the firewall answered by itself. @param rule `ALL` of them, or those of one */
const blockedMetric = (stage: string, rule: string) =>
  new cloudwatch.Metric({
    namespace: 'AWS/WAFV2',
    metricName: 'BlockedRequests',
    dimensionsMap: { WebACL: firewallName(stage), Region: Aws.REGION, Rule: rule },
    statistic: SUM,
    period: Duration.minutes(5),
  })

/** ACM renews sixty days before the end: a month later something keeps it from doing so. */
const daysLeft = 30

export const certificateAlarm = (id: AlarmId, certificateArn: string): AlarmRow => ({
  id,
  metric: new cloudwatch.Metric({
    namespace: 'AWS/CertificateManager',
    metricName: 'DaysToExpiry',
    dimensionsMap: { CertificateArn: certificateArn },
    statistic: MINIMUM,
    period: Duration.days(1),
  }),
  threshold: daysLeft,
  below: true,
})

export const doorAlarms = ({ stage, domain }: StageConfig): AlarmRow[] => [
  { id: 'api-error-rate', metric: errorRate(stage), threshold: errorPercent },
  // Ten addresses that the firewall holds back for as long as they go on.
  { id: 'requests-blocked', metric: blockedMetric(stage, 'ALL'), threshold: 3000 },
  { id: 'flow-stopped', metric: blockedMetric(stage, stopRuleName), threshold: 1 },
  ...(domain ? [certificateAlarm('certificate-expiring', domain.certificateArn)] : []),
]
