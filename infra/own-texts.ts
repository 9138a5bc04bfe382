/** The team's texts of a stage, checked before anything is built, and how they reach the functions that send. */
import * as lambda from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'
import type { OwnTexts } from '../shared/domain/own-texts.ts'
import { checkOwnMessages } from '../shared/messages/own-texts.ts'
import { readOwnTexts } from '../shared/own-texts-folder.ts'
import type { StageConfig } from './config.ts'
import { textsFolder } from './stage-folders.ts'
import type { StepFunction } from './step-function.ts'

/** Where Lambda lays what a layer holds. */
const layerFolder = '/opt'

/** @throws Error that names each text of a message that cannot be used, or a file that cannot be read */
export function ownMessages(config: Pick<StageConfig, 'texts'>): OwnTexts {
  const folder = textsFolder(config)
  return folder === undefined ? {} : checkOwnMessages(readOwnTexts(folder, 'messages'))
}

/** As a layer: a function's environment has no room for texts, and the package brings its functions bundled. */
export function addOwnTexts(scope: Construct, config: StageConfig, senders: readonly StepFunction[]): void {
  const folder = textsFolder(config)
  if (folder === undefined) return
  const layer = new lambda.LayerVersion(scope, 'Texts', {
    description: `Latchkey ${config.stage}: texts of messages`,
    code: lambda.Code.fromAsset(folder, { exclude: ['pages'] }),
    compatibleRuntimes: [lambda.Runtime.NODEJS_24_X],
  })
  for (const { function: sender } of senders) {
    sender.addLayers(layer)
    sender.addEnvironment('TEXTS', layerFolder)
  }
}
