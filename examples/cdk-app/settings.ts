/** What docs/deploy.md, section 2, explains: the team's own, in the team's own repository. */
import type { StageSettings } from 'latchkey/cdk'

export const settings: StageSettings = {
  product: 'Acme',
  origin: 'https://accounts.acme.test',
  allowedOrigins: ['https://accounts.acme.test'],
  emailFrom: 'Acme <no-reply@acme.test>',
  sms: {
    countries: ['EG'],
    senders: { EG: { senderId: 'ACME' } },
    dailyCaps: { default: 1000 },
    unverifiedFloors: { default: 20 },
    monthlySpendUsd: 100,
  },
  consent: '',
  locale: 'en',
  loginFloorMs: 450,
  alarmEmail: 'oncall@acme.test',
  ledgerRetentionDays: 1,
  logRetentionDays: 30,
  reserveConcurrency: false,
  apiGatewayLogRole: false,
  tableCeiling: { readUnits: 2000, writeUnits: 2000 },
  keyVersions: {
    ...{ 'code-derive': [1], code: [1], 'code-cover': [1], link: [1] },
    ...{ credential: [1], pseudonym: [1], checkpoint: [1] },
  },
}
