/**
 * A stage of Latchkey in any CDK app, the package's export `cdk`:
 *
 *     new Latchkey(app, 'Latchkey', { stage: 'prod', settings })
 *
 * It judges and tags its own stacks alone. Tags, aspects and a permissions boundary that are put on it reach all of them.
 */
import { Annotations, type StackProps, Tags } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import type { OwnTexts } from '../shared/domain/own-texts.ts'
import { awaitedLanguages, missingTemplates } from '../shared/messages/missing-templates.ts'
import { longSms } from '../shared/messages/sms-lengths.ts'
import { AbroadStack, isAbroad } from './abroad-stack.ts'
import { cloudFrontRegion, exampleValues, readStage, type StageConfig, type StageSettings } from './config.ts'
import { DataStack } from './data-stack.ts'
import { featureFlags } from './feature-flags.ts'
import { stackName } from './names.ts'
import { ownMessages } from './own-texts.ts'
import { PagesStack } from './pages-stack.ts'
import { type Built, build } from './prebuilt.ts'
import { ReplicaStack } from './replica-stack.ts'
import { personIds } from './roles.ts'
import { ServiceStack } from './service-stack.ts'
import type { CodeOf } from './step-function.ts'
import { aws, type Target } from './target.ts'
import { WorkersStack } from './workers-stack.ts'

export type { StageSettings } from './config.ts'

export interface LatchkeyProps {
  /** Name of the stage, 1 to 16 of `a-z0-9-`, beginning with a letter. Its stacks are named `latchkey-STAGE-...`, so one account and Region has each name once. */
  readonly stage: string
  /** What a block of cdk.json's `stages` holds (docs/deploy.md, 2). */
  readonly settings: StageSettings
  /** Where the template runs. Default: AWS. */
  readonly target?: Target
  /** Functions and pages that are built already. Default: they are built now, but for the functions that the package brings. */
  readonly built?: Built
  /** For the first deployment over version 0.1.0 alone (docs/deploy.md, 10). */
  readonly keepExports?: boolean
}

export class Latchkey extends Construct {
  /** The settings, checked. */
  readonly config: StageConfig
  /** Where the functions' code is. */
  readonly codeOf: CodeOf
  readonly data: DataStack
  readonly service: ServiceStack
  readonly workers: WorkersStack
  readonly pages: PagesStack | undefined
  readonly replica: ReplicaStack | undefined
  /** What is watched in us-east-1, for a stage of another Region. */
  readonly abroad: AbroadStack | undefined

  /** @throws Error that names each setting that is missing or wrong, or when the functions cannot be built */
  constructor(scope: Construct, id: string, props: LatchkeyProps) {
    super(scope, id)
    const { stage, settings, target = aws, keepExports = false } = props
    const config = { ...readStage({ [stage]: settings }, stage, `the settings of ${this.node.path}`), target }
    this.config = config
    const texts = ownMessages(config)
    for (const [flag, value] of Object.entries(featureFlags)) this.node.setContext(flag, value)
    const { codeOf, pages } = props.built ?? build(config)
    this.codeOf = codeOf

    this.data = new DataStack(this, 'data', config, {
      ...stackProps(config, 'data', 'tables, keys and checkpoints'),
      keepExports,
    })
    this.service = new ServiceStack(
      this,
      'service',
      config,
      codeOf,
      stackProps(config, 'service', 'API and steps'),
    )
    this.workers = new WorkersStack(
      this,
      'workers',
      config,
      codeOf,
      stackProps(config, 'workers', 'workers and alarms'),
    )
    // Not by reference, but they read at their deployment what the data stack is called.
    for (const stack of [this.service, this.workers]) stack.addStackDependency(this.data)
    this.pages =
      config.pages && pages !== undefined
        ? new PagesStack(
            this,
            'pages',
            config,
            config.pages,
            pages,
            stackProps(config, 'pages', 'pages', cloudFrontRegion),
          )
        : undefined
    this.replica =
      config.credentialReplica &&
      new ReplicaStack(
        this,
        'replica',
        config,
        config.credentialReplica,
        stackProps(config, 'replica', 'replica of the credential key', config.credentialReplica.region),
      )
    this.abroad = isAbroad(config)
      ? new AbroadStack(
          this,
          'abroad',
          config,
          stackProps(config, 'abroad', 'notices of us-east-1', cloudFrontRegion),
        )
      : undefined
    Tags.of(this).add('latchkey-stage', stage)
    warn(this.service, config, texts)
  }
}

/** @param region where it is not that of the stage */
function stackProps(
  { stage, account, region }: StageConfig,
  part: Parameters<typeof stackName>[1],
  what: string,
  elsewhere = region,
): StackProps {
  return {
    stackName: stackName(stage, part),
    description: `Latchkey ${stage}: ${what}`,
    env: { ...(account && { account }), ...(elsewhere && { region: elsewhere }) },
  }
}

/** Carriers bill each part of a message, and nothing else would tell. */
function warnOfParts(service: ServiceStack, { product, origin }: StageConfig, texts: OwnTexts): void {
  for (const { language, text, size, most, advice } of longSms({
    product,
    host: new URL(origin).host,
    texts,
  }))
    Annotations.of(service).addWarningV2(
      `latchkey:sms-parts:${language}:${text}`,
      `The SMS "${text}" in ${language} takes ${size.parts} parts in place of ${most} (${size.units} characters of ${size.alphabet === 'gsm' ? 'GSM 03.38' : 'UCS-2'}), and carriers bill each. ${advice}`,
    )
}

/** Told at synth, for who deploys finds out else when a role is refused to somebody in an incident. */
function tellOfSecondFactor(service: ServiceStack, { stage, people }: StageConfig): void {
  const usual = personIds.filter((person) => people[person] === undefined)
  if (usual.length > 0)
    Annotations.of(service).addInfo(
      `The roles ${usual.join(', ')} of stage ${stage} take a session that gave a second factor to AWS itself. Sessions of IAM Identity Center (SSO) and of CI never say so: name those under "people", with "mfa": false (docs/deploy.md, Who may be whom). A deployment needs none of these roles`,
    )
}

/** Of what can be deployed and would not do what is meant. */
function warn(service: ServiceStack, config: StageConfig, texts: OwnTexts): void {
  tellOfSecondFactor(service, config)
  const examples = exampleValues(config)
  if (examples.length > 0)
    Annotations.of(service).addWarningV2(
      'latchkey:example-values',
      `Stage ${config.stage} still has example values: ${examples.join(', ')}`,
    )
  if (config.senders?.sms !== undefined) return
  warnOfParts(service, config, texts)
  for (const { country, language } of awaitedLanguages(config.sms))
    Annotations.of(service).addInfo(
      `People in ${country} whose language is ${language} are sent SMS in "${config.locale}" until sms.senders.${country}.templates.${language} has an id. npx latchkey sms-templates ${language} prints what to register`,
    )
  for (const { country, language, text } of missingTemplates(config.sms))
    Annotations.of(service).addWarningV2(
      `latchkey:sms-template:${country}:${language}:${text}`,
      `sms.senders.${country}.templates.${language} has no id for "${text}": people in ${country} whose language is ${language} are not sent it by SMS. npx latchkey sms-templates ${language} prints what to register`,
    )
}
