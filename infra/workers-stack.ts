/** What works behind the API: workers and their streams, alarms, roles of auditor and operator. It can be made again from the code. */
import { Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { access } from './access.ts'
import type { StageConfig } from './config.ts'
import { dataFor } from './data.ts'
import { type Deployed, workerOf, workersFor } from './deployed.ts'
import { Monitoring } from './monitoring.ts'
import { addOwnTexts } from './own-texts.ts'
import { People } from './people.ts'
import { addOutputs } from './settings-outputs.ts'
import { type CodeOf, makeFunctions } from './step-function.ts'
import { Workers } from './workers.ts'

export class WorkersStack extends Stack {
  constructor(scope: Construct, id: string, config: StageConfig, codeOf: CodeOf, props: StackProps) {
    super(scope, id, props)
    const data = dataFor(this, config)
    const workers = makeFunctions(this, workersFor(config), codeOf, data, config)
    const senders = [...workers].flatMap(([id, made]) => ('sends' in access[id] ? [made] : []))
    addOwnTexts(this, config, senders)
    const { deadLetters } = new Workers(this, 'Workers', config, data, workers)
    const deployed: Deployed = { data, workers, deadLetters }
    new People(this, 'People', deployed, config)
    new Monitoring(this, 'Monitoring', deployed, config)
    const queues = [...deadLetters].map(([worker, queue]) => `${worker}=${queue.queueUrl}`)
    addOutputs(this, {
      FUNCTION_SEAL_LEDGER: workerOf(deployed, 'seal-ledger').function.functionName,
      DEAD_LETTERS: queues.join(','),
    })
  }
}
