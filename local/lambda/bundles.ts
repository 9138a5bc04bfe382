/** All functions as they are deployed: each one's bundle, in processes of its own, with the environment the stack gives it. */
import { App, Stack } from 'aws-cdk-lib'
import { bundle } from '../../infra/bundle.ts'
import { bundleOf } from '../../infra/bundle-folder.ts'
import type { StageConfig } from '../../infra/config.ts'
import { dataFor } from '../../infra/data.ts'
import { workersFor } from '../../infra/deployed.ts'
import { settingsEnvironment } from '../../infra/environment.ts'
import { processorOf } from '../../infra/processors.ts'
import type { FunctionId } from '../../infra/roles.ts'
import { steps } from '../../infra/steps.ts'
import { endpointVariables } from '../../infra/target.ts'
import type { Functions } from '../functions.ts'
import type { Answer } from './execution.ts'
import { createPool, type Pool } from './pool.ts'

/** What Lambda itself sets, and the names of the services here. */
const lambdaVariables = [
  ...['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', ...endpointVariables],
  // Of services that workers alone call, which SAM does not run.
  ...['AWS_ENDPOINT_URL_EVENTBRIDGE', 'AWS_ENDPOINT_URL_LAMBDA'],
]

/**
 * The variables that the stage's template gives its functions, and no others; where a value is known only once
 * deployed, or names what is emulated here, it is this stack's.
 */
function environmentOf(config: StageConfig): (id: FunctionId) => Record<string, string> {
  const data = dataFor(new Stack(new App()), config)
  const deployed = settingsEnvironment(data, config)
  return (id) => {
    const here = ([name, value]: [string, string]) => [name, process.env[name] ?? value]
    const settings = Object.fromEntries(Object.entries(deployed).map(here))
    const given = Object.fromEntries(lambdaVariables.map((name) => [name, process.env[name] ?? '']))
    return { ...settings, ...given, AWS_LAMBDA_FUNCTION_NAME: id, TZ: ':UTC' }
  }
}

export interface Bundles extends Functions {
  readonly pools: ReadonlyMap<FunctionId, Pool>
  close(): Promise<void>
}

export interface BundlesOptions {
  /** Where they are built; emptied first. */
  readonly folder: string
  readonly config: StageConfig
  readonly answered?: (id: FunctionId, answer: Answer) => void
}

/** Builds them with this machine's argon2 and bcrypt. Processes start when they are first asked, once the stack's services run. */
export async function startBundles({ folder, config, answered }: BundlesOptions): Promise<Bundles> {
  await bundle({ folder, processor: processorOf(process.arch) })
  const variables = environmentOf(config)
  const workers = workersFor(config)
  const ids: readonly FunctionId[] = [...steps, ...workers, 'put-decoy']
  const pools = new Map(
    ids.map((id) => [
      id,
      createPool({
        name: id,
        file: `${bundleOf(id, folder)}/index.mjs`,
        environment: () => variables(id),
        answered: (answer) => answered?.(id, answer),
      }),
    ]),
  )
  const handlers = (of: readonly FunctionId[]) =>
    Object.fromEntries([...pools].filter(([id]) => of.includes(id)).map(([id, { handler }]) => [id, handler]))
  return {
    steps: handlers(steps),
    workers: handlers(workers),
    pools,
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.close()))
    },
  }
}
