/** Figures of the business, read from the appender's log (shared/ledger/figures.ts), and their row of the dashboard. */
import type { Duration } from 'aws-cdk-lib'
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch'
import * as logs from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import type { Figures } from '../shared/ledger/figures.ts'

/** `message` of the line. */
const line = 'figures'
const byCountry = 'country' satisfies keyof Figures

type Counted = Exclude<keyof Figures, typeof byCountry>

export interface Figure {
  readonly metric: string
  /** Billed as a metric for each country that something is sent to. */
  readonly byCountry?: true
}

export const figures = {
  started: { metric: 'RecoveriesStarted' },
  finished: { metric: 'RecoveriesFinished' },
  notSent: { metric: 'CodesNotSent' },
  limited: { metric: 'LimitsReached' },
  sent: { metric: 'SmsCodesSent', byCountry: true },
  verified: { metric: 'SmsCodesVerified', byCountry: true },
} as const satisfies Record<Counted, Figure>

const namespace = (stage: string) => `Latchkey/${stage}`

/** Reads them from the log of the appender. */
export function addFigures(scope: Construct, stage: string, logGroup: logs.ILogGroup): void {
  for (const [field, figure] of Object.entries<Figure>(figures))
    new logs.MetricFilter(scope, `${figure.metric}Filter`, {
      logGroup,
      filterPattern: logs.FilterPattern.all(
        logs.FilterPattern.stringValue('$.message', '=', line),
        logs.FilterPattern.numberValue(`$.${field}`, '>', 0),
      ),
      metricNamespace: namespace(stage),
      metricName: figure.metric,
      metricValue: `$.${field}`,
      ...(figure.byCountry && { dimensions: { [byCountry]: `$.${byCountry}` } }),
    })
}

/** Their row: how many begin and end, what stands in the way, and codes by SMS where they go. */
export function figureWidgets(stage: string, period: Duration): cloudwatch.IWidget[] {
  const metric = (field: Counted) =>
    new cloudwatch.Metric({
      namespace: namespace(stage),
      metricName: figures[field].metric,
      statistic: cloudwatch.Stats.SUM,
      period,
    })
  /** One line a country, without naming countries here: those that had a code are found. */
  const ofCountries = (field: Counted) =>
    new cloudwatch.MathExpression({
      expression: `SEARCH('{${namespace(stage)},${byCountry}} MetricName="${figures[field].metric}"', 'Sum', ${period.toSeconds()})`,
      usingMetrics: {},
      label: field,
      period,
    })
  const graph = (title: string, left: cloudwatch.IMetric[]) =>
    new cloudwatch.GraphWidget({ title, left, width: 8, period })
  return [
    graph('Recoveries: started, finished', [metric('started'), metric('finished')]),
    graph('Codes not sent, limits reached', [metric('notSent'), metric('limited')]),
    graph('Recovery codes by SMS: sent, verified', [ofCountries('sent'), ofCountries('verified')]),
  ]
}
