/**
 * `--hash-config FILE`: the parameters of Firebase's hashes, as its console shows them (Authentication, menu of the users'
 * list), or `{"pepper": "..."}` of Devise.
 */
import { bcryptBytes } from '#shared/crypto/scheme.ts'
import { plain } from '#shared/words/plain.ts'
import { readText } from '../line-files.ts'
import { Problem } from '../problem.ts'
import { objectOf, Reader } from './fields.ts'
import type { Fields, FirebaseHashes, HashConfig } from './source.ts'

/** The console's own spelling is close to JSON, and copied as it is; the project's configuration, by its API, is JSON. */
function fieldsOf(text: string): Fields {
  try {
    const read = objectOf(JSON.parse(text.replace(/^\ufeff/, ''))) ?? {}
    const signIn = objectOf(read['signIn']) ?? {}
    return objectOf(read['hash_config'] ?? read['hashConfig'] ?? signIn['hashConfig']) ?? read
  } catch {
    const pairs = [...text.matchAll(/"?(\w+)"?\s*:\s*"?([^",\s{}]+)/g)]
    return Object.fromEntries(pairs.map(([, name, value]) => [name, value]))
  }
}

/** No more of it than bcrypt can have read: what is behind that need not come along. */
const pepperOf = (pepper: string): HashConfig => ({
  pepper: Buffer.from(pepper).subarray(0, bcryptBytes).toString('base64url'),
})

/** @throws Problem when the file cannot be used; Unusable when it is no text */
export function readHashConfig(path: string): HashConfig {
  const read = new Reader(fieldsOf(readText(path)))
  const pepper = read.value('pepper')
  return typeof pepper === 'string' ? pepperOf(pepper) : { firebase: firebaseHashes(read, path) }
}

function firebaseHashes(read: Reader, path: string): FirebaseHashes {
  const algorithm = String(read.value('algorithm') ?? 'SCRYPT')
  if (!/^scrypt$/i.test(algorithm))
    throw new Problem(
      `${path}: the algorithm is ${plain(algorithm)}, and only SCRYPT of Firebase is known.`,
      2,
    )
  const config = {
    signerKey: String(read.text('base64_signer_key', 'signer_key') ?? ''),
    saltSeparator: String(read.text('base64_salt_separator', 'salt_separator') ?? ''),
    rounds: Number(read.text('rounds')),
    memoryCost: Number(read.text('mem_cost', 'memory_cost')),
  }
  if (config.signerKey === '' || !Number.isInteger(config.rounds) || !Number.isInteger(config.memoryCost))
    throw new Problem(
      `${path} has neither a pepper, nor all of base64_signer_key, base64_salt_separator, rounds and mem_cost, as Firebase's console shows them.`,
      2,
    )
  return config
}
