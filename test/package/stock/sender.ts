import { writeFileSync } from 'node:fs'

/** A sender of the project's own, as `LATCHKEY_SENDER` and `startLatchkey` name it. */
export default function send({ to, template }: { readonly to: string; readonly template: string }): void {
  writeFileSync('handed.txt', `${template} ${to}`)
}
