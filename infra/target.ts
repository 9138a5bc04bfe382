/** Where a template runs: in AWS, or on this machine under `sam local` (`-c local=true`, docs/sam-local.md). */
import { type Processor, processorOf } from './processors.ts'

export interface Target {
  readonly processor: Processor
  /** Variables that lead functions to services in place of AWS. */
  readonly endpoints: Readonly<Record<string, string>>
  /** Whether API Gateway answers 404, 405 and OPTIONS by itself. SAM would let such a method hide its path's function. */
  readonly fixedAnswers: boolean
  /** Whether the stage's pages, where it has some, are hosted. */
  readonly pages: boolean
}

/** Lambda runs on arm64, whatever machine builds. */
export const aws: Target = { processor: 'arm64', endpoints: {}, fixedAnswers: true, pages: true }

/** SAM passes on only those variables that a template declares. */
export const endpointVariables = [
  'AWS_ENDPOINT_URL_DYNAMODB',
  'AWS_ENDPOINT_URL_KMS',
  'AWS_ENDPOINT_URL_SES',
  'AWS_ENDPOINT_URL_SNS',
  'AWS_ENDPOINT_URL_S3',
  'HIBP_URL',
] as const

/** Leads nowhere (RFC 6761), so that a run without the file of variables does not reach AWS. */
const nowhere = 'http://not-given.invalid'

/**
 * @param arch of the machine, as Node names it
 * @throws Error for a machine that no function can be built for
 */
export const samLocal = (arch: string = process.arch): Target => ({
  processor: processorOf(arch),
  endpoints: Object.fromEntries(endpointVariables.map((name) => [name, nowhere])),
  fixedAnswers: false,
  pages: false,
})

/** An account that nobody has: `cdk deploy` refuses what is pinned to it. */
export const noAccount = { account: '000000000000', region: 'us-east-1' } as const
