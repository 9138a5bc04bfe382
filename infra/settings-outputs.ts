/** The environment of the command line, one output a setting: `TABLE_LEDGER` is `SettingTableLedger`. */
import { CfnOutput, type Stack } from 'aws-cdk-lib'
import { outputOf } from './settings-file.ts'

export function addOutputs(stack: Stack, settings: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(settings))
    if (value !== '') new CfnOutput(stack, outputOf(name), { value })
}
