/** Turns what a deployment printed into the environment file that the command line reads. */
import { readFileSync } from 'node:fs'

/** Name of the output that holds a setting: letters and digits only, so words take capitals in place of underscores. */
export const outputOf = (setting: string): string =>
  `Setting${setting
    .toLowerCase()
    .split('_')
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join('')}`

const settingOf = (output: string): string =>
  output
    .slice('Setting'.length)
    .replaceAll(/(?!^)[A-Z]/g, (letter) => `_${letter}`)
    .toUpperCase()

/**
 * @param outputs content of the file that `cdk deploy --outputs-file` wrote
 * @returns lines `NAME=value`, of all stacks in it
 */
export function settingsFile(outputs: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  const lines = Object.values(outputs)
    .flatMap((stack) => Object.entries(stack))
    .filter(([name]) => /^Setting[A-Z]/.test(name))
    .map(([name, value]) => `${settingOf(name)}=${value}`)
  return `${lines.sort().join('\n')}\n`
}

if (import.meta.main) {
  const [file] = process.argv.slice(2)
  if (file === undefined) {
    console.error('Usage: npx node infra/settings-file.ts OUTPUTS.json > latchkey.env')
    process.exitCode = 2
  } else process.stdout.write(settingsFile(JSON.parse(readFileSync(file, 'utf8'))))
}
