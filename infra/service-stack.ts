/** What answers requests: steps, API, firewall, and the role of who calls it for support. It can be made again from the code. */
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { Api } from './api.ts'
import { Canary } from './canary.ts'
import type { StageConfig } from './config.ts'
import { dataFor } from './data.ts'
import { addDecoy } from './decoy.ts'
import { settingsEnvironment } from './environment.ts'
import { Gradual } from './gradual.ts'
import { Support } from './people.ts'
import { addOutputs } from './settings-outputs.ts'
import { type CodeOf, makeFunctions } from './step-function.ts'
import { steps } from './steps.ts'
import { aws } from './target.ts'

export class ServiceStack extends Stack {
  constructor(scope: Construct, id: string, config: StageConfig, codeOf: CodeOf, props: StackProps) {
    super(scope, id, props)
    const data = dataFor(this, config)
    const functions = makeFunctions(this, steps, codeOf, data, config)
    // SAM knows no alias that moves.
    const isGradual = config.gradual && config.target === aws
    const entries = isGradual ? new Gradual(this, 'Gradual', config, functions).entries : undefined
    const api = new Api(this, 'Api', config, functions, entries)
    addDecoy(this, data, config, codeOf)
    if (config.canary) new Canary(this, 'Canary', config.canary, api, { data, config, codeOf })
    new Support(this, 'Support', api, data, config)
    addOutputs(this, {
      ...settingsEnvironment(data, config),
      API_URL: api.url,
      STOPPED_FLOWS: api.stops.attrArn,
    })
    if (api.domainTarget !== undefined)
      new CfnOutput(this, 'ApiDomain', {
        description: 'Where the name of the API points, unless its zone is in Route 53',
        value: api.domainTarget,
      })
  }
}
