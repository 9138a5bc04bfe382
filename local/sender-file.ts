/** A sender of the team's, by the file that it is in. */
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Sender } from './services/lambda.ts'

/**
 * @param name what the file was named by, for whoever reads what is wrong with it
 * @throws Error with one sentence for a file that cannot be loaded, or whose default export is no function
 */
export async function senderIn(file: string, name: string): Promise<Sender> {
  const module = (await import(pathToFileURL(resolve(file)).href).catch((error: Error) => {
    throw new Error(`${name} is ${file}, which cannot be loaded: ${error.message}`)
  })) as { default?: unknown }
  if (typeof module.default !== 'function')
    throw new Error(`${name} is ${file}, whose default export is no function.`)
  return module.default as Sender
}
