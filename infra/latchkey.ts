/** The stacks of a stage, with the rules they are held to. */
import { Annotations, type App, Tags, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import { missingTemplates } from '../shared/messages/missing-templates.ts'
import { cloudFrontRegion, exampleValues, type StageConfig } from './config.ts'
import { DataStack } from './data-stack.ts'
import { PagesStack } from './pages-stack.ts'
import { ServiceStack } from './service-stack.ts'
import type { CodeOf } from './step-function.ts'

export interface LatchkeyStacks {
  readonly data: DataStack
  readonly service: ServiceStack
  readonly pages?: PagesStack
}

/**
 * Adds the stacks of a stage to an app.
 * @param codeOf bundle of each function
 * @param pagesFolder the built pages, where the stage hosts them
 */
export function addLatchkey(
  app: App,
  config: StageConfig,
  codeOf: CodeOf,
  pagesFolder?: string,
): LatchkeyStacks {
  const name = `latchkey-${config.stage}`
  const { account, region } = config
  const env = { ...(account && { account }), ...(region && { region }) }
  const data = new DataStack(app, `${name}-data`, config, {
    env,
    description: `Latchkey ${config.stage}: tables, keys and checkpoints`,
  })
  const service = new ServiceStack(app, `${name}-service`, config, data, codeOf, {
    env,
    description: `Latchkey ${config.stage}: API and workers`,
  })
  const pages =
    config.pages &&
    pagesFolder !== undefined &&
    new PagesStack(app, `${name}-pages`, config, config.pages, pagesFolder, {
      env: { ...env, region: cloudFrontRegion },
      description: `Latchkey ${config.stage}: pages`,
    })
  Tags.of(app).add('latchkey-stage', config.stage)
  const examples = exampleValues(config)
  if (examples.length > 0)
    Annotations.of(service).addWarningV2(
      'latchkey:example-values',
      `Stage ${config.stage} in cdk.json still has example values: ${examples.join(', ')}`,
    )
  for (const { country, language, text } of missingTemplates(config.sms))
    Annotations.of(service).addWarningV2(
      `latchkey:sms-template:${country}:${language}:${text}`,
      `sms.senders.${country}.templates.${language} has no id for "${text}": people in ${country} whose language is ${language} are not sent it by SMS. npx latchkey sms-templates ${language} prints what to register`,
    )
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
  return { data, service, ...(pages && { pages }) }
}
