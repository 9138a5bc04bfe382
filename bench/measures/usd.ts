/** [usd_per_million.SERVICE]: what the cost estimate of the deployment says, whose counts a test holds to a run. */
import { recoveryCost, smsPerRecovery } from '../../infra/cost.ts'
import { prices } from '../../infra/prices.ts'
import { type Measured, measured } from '../figures.ts'

const million = 1e6

export async function* estimateUsd(): AsyncGenerator<Measured> {
  const costs = Object.entries(recoveryCost())
  for (const [service, usd] of costs)
    yield measured(`usd_per_million.${service.replaceAll(' ', '-')}`, usd * million, 'USD')
  const total = costs.reduce((sum, [, usd]) => sum + usd, 0) * million
  const remark = `list prices of ${prices.region}, ${prices.asOf}; and ${smsPerRecovery * million} SMS at your price`
  yield measured('usd_per_million.total', total, 'USD', {}, remark)
}
