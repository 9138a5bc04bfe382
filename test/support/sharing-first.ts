/** The order of test files: those that share their worker's world in one row, so that it starts and ends once. */
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { sharesWorld } from './sharing.ts'

export class SharingFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const { share = [], others = [] } = Object.groupBy(sorted, ({ moduleId }) =>
      sharesWorld(moduleId) ? 'share' : 'others',
    )
    return [...share, ...others]
  }
}
