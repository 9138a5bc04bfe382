/** Settings for a test file that starts no stack. */
import { afterAll } from 'vitest'
import { applyEnvironment } from '#local/environment.ts'
import { settingsOf } from '#local/services/environment.ts'
import { openKeys } from '#local/services/kms-keys.ts'

/**
 * Puts variables in place until the file's tests are done. To be called as the file is read.
 * @param given in place of those that a local stack would set
 */
export function useSettings(given: Readonly<Record<string, string>> = {}): void {
  const aws = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' }
  afterAll(applyEnvironment({ ...aws, ...settingsOf(openKeys(undefined)), ...given }))
}
