/** Kotlin made of the document by openapi-generator: it compiles, and signs in. Swift is made in the same run. */
import { type Measured, measured } from '../../bench/figures.ts'
import { document, output, ran, root } from './tools.ts'
import { bothSignIns } from './typescript.ts'

const hint = 'It needs java (17 or newer) and mvn, which fetches the generator and the compiler.'

/** @param url of a stack with the test accounts */
export async function* kotlin(url: string, report: (line: string) => void): AsyncGenerator<Measured> {
  report('openapi-generator and the Kotlin compiler: minutes at the first time ...')
  const options = ['-B', '-q', '-f', `${root}prove/clients/jvm/pom.xml`]
  const given = [`-Dout=${output}`, `-Ddocument=${document}`, `-Durl=${url}`]
  const compiled = await ran('mvn', [...options, ...given, 'compile'])
  if (!compiled.ok) report(`${compiled.said}\n${hint}`)
  yield measured('clients.kotlin.compiles', Number(compiled.ok), '', { least: 1 })
  const { said } = await ran('mvn', [...options, ...given, 'exec:java'])
  const signedIn = said.includes(bothSignIns)
  if (!signedIn) report(said)
  yield measured('clients.kotlin.signs_in', Number(signedIn), '', { least: 1 })
}
