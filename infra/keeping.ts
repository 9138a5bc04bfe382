/** What becomes of state when its stack goes. */
import { RemovalPolicy } from 'aws-cdk-lib'
import type { StageConfig } from './config.ts'

/**
 * Outlives its stack, but not a first deployment that failed: what stayed behind then would be nobody's, and stand in the
 * way of the next try where its name is fixed. All of a disposable stage goes with it.
 */
export const keeping = ({ disposable }: StageConfig): RemovalPolicy =>
  disposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
