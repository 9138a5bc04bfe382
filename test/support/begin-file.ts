/** Read by vitest before each file: the file finds the worker's world emptied, or, where it does not share it, ended. */
import { expect } from 'vitest'
import { beginFile } from './shared-world.ts'
import { sharesWorld } from './sharing.ts'

const { testPath } = expect.getState()
if (testPath === undefined) throw new Error('vitest does not say which file begins')
await beginFile(sharesWorld(testPath))
