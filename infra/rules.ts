/** The rules that our own app is held to. Not the construct: what a team has beside it is for the team to judge. */
import { type App, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'

/** Makes `synth` throw where a rule finds anything that is not acknowledged with its reason. */
export const holdToRules = (app: App): void => Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
