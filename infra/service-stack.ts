/** What can be made again from the code: functions, API, firewall, workers, alarms. */
import { type App, CfnOutput, Stack, type StackProps } from 'aws-cdk-lib'
import { type StepId, type WorkerId, workers } from '../shared/contract/routes.ts'
import { Api } from './api.ts'
import type { StageConfig } from './config.ts'
import type { DataStack } from './data-stack.ts'
import { addDecoy } from './decoy.ts'
import { settingsEnvironment } from './environment.ts'
import { Monitoring } from './monitoring.ts'
import { People } from './people.ts'
import type { FunctionId } from './roles.ts'
import { outputOf } from './settings-file.ts'
import { type CodeOf, StepFunction } from './step-function.ts'
import { steps } from './steps.ts'
import { Workers } from './workers.ts'

export class ServiceStack extends Stack {
  readonly data: DataStack
  readonly functions: ReadonlyMap<FunctionId, StepFunction>
  readonly api: Api
  readonly workers: Workers

  constructor(app: App, id: string, config: StageConfig, data: DataStack, codeOf: CodeOf, props: StackProps) {
    super(app, id, props)
    this.data = data
    const make = <Id extends StepId | WorkerId>(ids: readonly Id[]) =>
      new Map(
        ids.map((each) => [each, new StepFunction(this, { id: each, code: codeOf(each), data, config })]),
      )
    const stepFunctions = make<StepId>(steps)
    const workerFunctions = make<WorkerId>(workers)
    const decoy = addDecoy(this, data, config, codeOf)
    this.functions = new Map<FunctionId, StepFunction>([
      ...stepFunctions,
      ...workerFunctions,
      ['put-decoy', decoy],
    ])
    this.api = new Api(this, 'Api', config, stepFunctions)
    this.workers = new Workers(this, 'Workers', data, workerFunctions)
    new People(this, 'People', this, config)
    new Monitoring(this, 'Monitoring', this, config)
    this.addOutputs(data, config)
  }

  /** The environment of the command line, one output a setting: `TABLE_LEDGER` is `SettingTableLedger`. */
  private addOutputs(data: DataStack, config: StageConfig): void {
    const sealer = this.functions.get('seal-ledger')?.function.functionName ?? ''
    const queues = [...this.workers.deadLetters].map(([worker, queue]) => `${worker}=${queue.queueUrl}`)
    const settings = {
      ...settingsEnvironment(data, config),
      FUNCTION_SEAL_LEDGER: sealer,
      API_URL: this.api.url,
      DEAD_LETTERS: queues.join(','),
    }
    for (const [name, value] of Object.entries(settings))
      if (value !== '') new CfnOutput(this, outputOf(name), { value })
  }
}
