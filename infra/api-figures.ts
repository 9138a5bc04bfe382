/** The API as CloudWatch counts it. By name, so that who watches it waits for no other stack. */
import { Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch'

/** API Gateway counts by this name. */
export const apiName = (stage: string): string => `latchkey-${stage}`

const figure = (metricName: string, statistic: string) => (stage: string, options?: MetricOptions) =>
  new Metric({
    namespace: 'AWS/ApiGateway',
    metricName,
    dimensionsMap: { ApiName: apiName(stage) },
    statistic,
    ...options,
  })

export const apiFigures = {
  requests: figure('Count', Stats.SAMPLE_COUNT),
  clientErrors: figure('4XXError', Stats.SUM),
  serverErrors: figure('5XXError', Stats.SUM),
  latency: figure('Latency', Stats.AVERAGE),
  functionLatency: figure('IntegrationLatency', Stats.AVERAGE),
} as const
