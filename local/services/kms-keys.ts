/** The emulated KMS's keys: secrets in memory and, with a data folder, in a file that only its owner reads. */
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import { readState, writeState } from '#local/state-file.ts'

export type KeySpec = 'HMAC_256' | 'ECC_NIST_P256'

export interface KmsKey {
  readonly id: string
  readonly arn: string
  readonly spec: KeySpec
  readonly alias: string
  readonly enabled: boolean
  /** Epoch milliseconds. */
  readonly createdAt: number
  /** HMAC_256: the secret. ECC_NIST_P256: the private key in PKCS #8. Base64. */
  readonly secret: string
}

export interface KeyStore {
  /** By id, ARN, alias name or alias ARN. An alias means its newest key. */
  find(reference: string): KmsKey | undefined
  /** Makes a key and points the alias at it: called again for one alias, it rotates. */
  create(alias: string, spec: KeySpec): KmsKey
  setEnabled(id: string, enabled: boolean): void
  /** All keys of an alias, newest first. */
  ofAlias(alias: string): readonly KmsKey[]
}

const kmsArn = 'arn:aws:kms:us-east-1:000000000000:'

/** @param file where the keys are kept; without it they live as long as the process. */
export function openKeys(file: string | undefined): KeyStore {
  // Newest first.
  let keys = file === undefined ? [] : ((readState(file) ?? []) as KmsKey[])
  const save = (changed: KmsKey[]) => {
    if (file !== undefined) writeState(file, changed)
    keys = changed
  }
  return {
    find: (reference) => {
      const name = reference.startsWith(kmsArn) ? reference.slice(kmsArn.length) : reference
      return keys.find((key) => [key.id, `key/${key.id}`, key.alias].includes(name))
    },
    create: (alias, spec) => {
      const id = randomUUID()
      const key: KmsKey = {
        id,
        arn: `${kmsArn}key/${id}`,
        spec,
        alias,
        enabled: true,
        createdAt: Date.now(),
        secret: newSecret(spec),
      }
      save([key, ...keys])
      return key
    },
    setEnabled: (id, enabled) => save(keys.map((key) => (key.id === id ? { ...key, enabled } : key))),
    ofAlias: (alias) => keys.filter((key) => key.alias === alias),
  }
}

function newSecret(spec: KeySpec): string {
  if (spec === 'HMAC_256') return randomBytes(32).toString('base64')
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  return privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64')
}
