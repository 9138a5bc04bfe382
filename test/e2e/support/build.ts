/** Builds the pages once, before all tests. */
import { buildPages } from '../../../web/build.ts'

export async function setup(): Promise<void> {
  await buildPages({ inbox: '/_local' })
}
