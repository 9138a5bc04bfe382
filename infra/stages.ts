/** Where the settings of stages stand: in cdk.json, or with `-c config=FILE` in a file of the team's, so that an upgrade is no merge. */
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Node } from 'constructs'
import { readStage, type StageSettings } from './config.ts'

type Stages = Readonly<Record<string, StageSettings>>

/** A folder or file that the file names is meant from where the file is. */
function fromFile(settings: StageSettings, folder: string): StageSettings {
  const { pages, texts } = settings
  const { theme, securityTxt } = pages ?? {}
  return {
    ...settings,
    ...(pages !== undefined && {
      pages: {
        ...pages,
        ...(theme !== undefined && { theme: resolve(folder, theme) }),
        ...(securityTxt !== undefined && { securityTxt: resolve(folder, securityTxt) }),
      },
    }),
    ...(texts !== undefined && { texts: resolve(folder, texts) }),
  }
}

function parsed(file: string): Stages {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Stages
  } catch (error) {
    throw new Error(`The settings in ${file} cannot be read: ${(error as Error).message}`)
  }
}

function readFile(file: string, stage: string): StageSettings {
  const stages = parsed(file)
  readStage(stages, stage, file)
  return fromFile(stages[stage] as StageSettings, dirname(resolve(file)))
}

/**
 * @param context of the app
 * @throws Error that names the stages there are, or each missing or wrong value, and where they stand; or a file that
 * cannot be read
 */
export function readSettings(context: Node, stage: string): StageSettings {
  const file: unknown = context.tryGetContext('config')
  if (file !== undefined) return readFile(String(file), stage)
  const stages = context.tryGetContext('stages') as Stages | undefined
  readStage(stages, stage)
  return stages?.[stage] as StageSettings
}
