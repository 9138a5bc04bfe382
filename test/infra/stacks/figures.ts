import { describe, expect, it } from 'vitest'
import { figures } from '../../../infra/business-figures.ts'
import { ofType, type Stacks } from '../synth.ts'

export function aboutFigures({ workers }: Stacks): void {
  describe('figures of the business', () => {
    const filters = ofType(workers, 'AWS::Logs::MetricFilter').map(([, { Properties }]) => Properties)
    const [, dashboard] = ofType(workers, 'AWS::CloudWatch::Dashboard')[0] ?? []
    const shown = JSON.stringify(dashboard?.Properties.DashboardBody)

    it.each(Object.entries<{ metric: string; byCountry?: true }>(figures))(
      'read %s from the log of the appender, and show it',
      (field, { metric, byCountry }) => {
        const [filter, ...more] = filters.filter(
          ({ MetricTransformations: [made] }) => made.MetricName === metric,
        )
        expect(more).toEqual([])
        expect(JSON.stringify(filter.LogGroupName)).toMatch(/appendledger/i)
        expect(filter.FilterPattern).toBe(`{ ($.message = "figures") && ($.${field} > 0) }`)
        expect(filter.MetricTransformations).toEqual([
          {
            MetricName: metric,
            MetricNamespace: 'Latchkey/prod',
            MetricValue: `$.${field}`,
            ...(byCountry && { Dimensions: [{ Key: 'country', Value: '$.country' }] }),
          },
        ])
        expect(shown).toContain(metric)
      },
    )

    it('find the countries by themselves', () => {
      expect(shown.replaceAll('\\', '')).toContain('{Latchkey/prod,country} MetricName="SmsCodesSent"')
    })
  })
}
