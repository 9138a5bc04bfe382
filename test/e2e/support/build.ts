/** Builds the pages once, before all tests, as they are deployed. */
import { buildPages } from '../../../web/build.ts'

export async function setup(): Promise<void> {
  await buildPages()
}
