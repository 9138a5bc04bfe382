/** The stacks of a stage as templates, made as `cdk synth` makes them but without bundling. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App } from 'aws-cdk-lib'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { readStage, type StageConfig } from '../../infra/config.ts'
import { addLatchkey } from '../../infra/latchkey.ts'

export interface Resource {
  readonly Type: string
  // biome-ignore lint/suspicious/noExplicitAny: a template is read by the names that CloudFormation gives.
  readonly Properties: any
  readonly DeletionPolicy?: string
  readonly UpdateReplacePolicy?: string
}
export type Resources = Readonly<Record<string, Resource>>

export interface Stacks {
  readonly data: Resources
  readonly service: Resources
  /** Nothing where the stage hosts no pages. */
  readonly pages: Resources
}

const cdkJson = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8')) as {
  readonly context: Readonly<Record<string, unknown>>
}
export const context = cdkJson.context

/** The stage of cdk.json, with some values changed. */
export const stageConfig = (stage: string, changes: Partial<StageConfig> = {}): StageConfig => ({
  ...readStage(context['stages'], stage),
  ...changes,
})

/** Stands for the built pages, whose content no template knows. */
function placeholderPages(): string {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-pages-'))
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), 'page')
  writeFileSync(join(folder, 'assets', 'app-AB12CD34.js'), 'script')
  return folder
}

/** @throws what the rule checker found */
export function synth(config: StageConfig): Stacks {
  const app = new App({ context: { ...context } })
  const folder = placeholderPages()
  try {
    const code = () => Code.fromInline('export const handler = () => {}')
    const { data, service, pages } = addLatchkey(app, config, code, folder)
    const assembly = app.synth()
    const resources = (name: string) => assembly.getStackByName(name).template.Resources as Resources
    return {
      data: resources(data.stackName),
      service: resources(service.stackName),
      pages: pages ? resources(pages.stackName) : {},
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Resources of a type, with their logical ids. */
export const ofType = (resources: Resources, type: string) =>
  Object.entries(resources).filter(([, resource]) => resource.Type === type)
