/**
 * List prices of AWS in us-east-1, USD, without free tiers and discounts, from the public price pages as they stood on
 * `asOf`. Other Regions differ by up to a half. What an SMS costs is in `sms-prices.ts`.
 */
export const prices = {
  asOf: '2025-06-01',
  region: 'us-east-1',

  apiRequest: 3.5e-6,
  firewallRequest: 0.6e-6,
  firewallMonth: 5,
  firewallRuleMonth: 1,

  /** CloudFront, over HTTPS, to North America. */
  pagesRequest: 1e-6,
  pagesGb: 0.085,
  pagesFunctionRun: 0.1e-6,

  functionRun: 0.2e-6,
  /** arm64. */
  functionGbSecond: 1.33334e-5,

  tableWriteUnit: 0.625e-6,
  tableReadUnit: 0.125e-6,
  tableGbMonth: 0.25,
  backupGbMonth: 0.2,

  keyMonth: 1,
  keyMac: 3e-6,
  keySignature: 15e-6,

  email: 1e-4,
  emailReceived: 1e-4,

  logGb: 0.5,
  trace: 5e-6,
  alarmMetricMonth: 0.1,
  metricMonth: 0.3,
  dashboardMonth: 3,

  bucketPut: 5e-6,
  bucketGbMonth: 0.023,

  /** One put on a bus, up to 64 KB. */
  event: 1e-6,
} as const
