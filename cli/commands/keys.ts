/**
 * `latchkey keys`: which keys stored values name, for a key that is named must stay enabled; and how many imported hashes are left, for
 * whoever may lower loginFloorMs once there are none.
 */
import { proofKeysIn } from '#shared/crypto/code-proof.ts'
import { floorNeededMs } from '#shared/crypto/scheme.ts'
import type { Identity } from '#shared/domain/identity.ts'
import { policy } from '#shared/policy.ts'
import { settings } from '#shared/settings.ts'
import { readCheckpoint, readPointer } from '#shared/stores/checkpoints.ts'
import { type Item, type Key, scan } from '#shared/stores/database.ts'
import { identityOf } from '#shared/stores/identities.ts'
import { challengeKeys, identityKeys } from '#shared/stores/keys.ts'
import { eachPage } from '#shared/stores/pages.ts'
import type { Given } from '../arguments.ts'
import { print } from '../output.ts'
import { type Progress, showProgress } from '../progress.ts'

/** How many values name each key id. */
type Counts = Map<string, number>
const add = (counts: Counts, keyId: string) => counts.set(keyId, (counts.get(keyId) ?? 0) + 1)

/** Adds the key id of every sealed value in an item, however deep it lies. */
function countSealed(value: unknown, counts: Counts): void {
  if (typeof value !== 'object' || value === null) return
  for (const [name, part] of Object.entries(value)) {
    if (name === 'keyId' && typeof part === 'string') add(counts, part)
    else countSealed(part, counts)
  }
}

async function takeEach(
  table: 'identities' | 'challenges',
  progress: Progress,
  take: (item: Item) => void,
): Promise<void> {
  let seen = 0
  for await (const items of eachPage((from: Key | undefined) => scan(table, from))) {
    items.forEach(take)
    seen += items.length
    progress.update(seen)
  }
}

/** The stored decoy is sealed by no key. */
const isIdentity = (item: Item) =>
  String(item['pk']).startsWith(identityKeys.identity) && item['userId'] !== ''

async function countCheckpoints(counts: Counts): Promise<void> {
  const newest = (await readPointer())?.number ?? 0
  for (let number = 1; number <= newest; number += 1) {
    const checkpoint = await readCheckpoint(number)
    if (checkpoint) add(counts, checkpoint.keyId)
  }
}

/** Passwords whose hash is another system's, and the least loginFloorMs that hides all of them (G1). */
interface Imported {
  readonly hashes: number
  readonly floorNeededMs: number
}
const none: Imported = { hashes: 0, floorNeededMs: 0 }

function withHashOf({ password }: Identity, { hashes, floorNeededMs: floorMs }: Imported): Imported {
  const neededMs = password?.imported === true ? floorNeededMs(password.scheme) : 0
  if (neededMs === 0) return { hashes, floorNeededMs: floorMs }
  return { hashes: hashes + 1, floorNeededMs: Math.max(floorMs, neededMs) }
}

interface Kept {
  readonly credential: Counts
  readonly code: Counts
  readonly 'code-cover': Counts
  readonly link: Counts
  readonly checkpoint: Counts
}

/** A code names all the keys that it was proved with; one of the version before, the only one. */
function countCode(name: string, kept: Kept): void {
  const keys = proofKeysIn(name)
  add(kept.code, keys?.codeKeyId ?? name)
  if (keys) add(kept['code-cover'], keys.coverKeyId)
}

async function countAll(): Promise<{ readonly kept: Kept; readonly imported: Imported }> {
  const kept = {
    ...{ credential: new Map(), code: new Map(), 'code-cover': new Map() },
    ...{ link: new Map(), checkpoint: new Map() },
  } as const
  let imported = none
  const progress = showProgress('items')
  await takeEach('identities', progress, (item) => {
    if (!isIdentity(item)) return
    const identity = identityOf(item)
    countSealed(identity, kept.credential)
    imported = withHashOf(identity, imported)
  })
  await takeEach('challenges', progress, (item) => {
    if (typeof item['codeKeyId'] === 'string') countCode(item['codeKeyId'], kept)
    else if (String(item['pk']).startsWith(challengeKeys.grant)) countSealed(item, kept.link)
  })
  progress.end()
  await countCheckpoints(kept.checkpoint)
  return { kept, imported }
}

interface Line {
  readonly use: string
  readonly keyId: string
  readonly values: number
  /** New values are made with it. */
  readonly current: boolean
}

const linesOf = (use: string, current: string, counts: Counts): Line[] =>
  [...new Map([[current, 0], ...counts])]
    .sort()
    .map(([keyId, values]) => ({ use, keyId, values, current: keyId === current }))

const what: Readonly<Record<string, string>> = {
  credential: 'sealed values',
  code: 'codes and tokens',
  'code-cover': 'codes and tokens',
  link: "links of 'It was not me'",
  checkpoint: 'checkpoints',
}

const textOf = ({ use, keyId, values, current }: Line) =>
  `${use.padEnd(11)}  ${keyId}  ${values} ${what[use] ?? 'values: it makes what others hold, and names none'}${current ? '  (makes new ones)' : ''}\n`

const importedText = ({ hashes, floorNeededMs: floorMs }: Imported) =>
  hashes === 0
    ? `No imported hash is left that sign-in has to hide: loginFloorMs may be ${policy.loginFloorLeastMs}.\n`
    : `${hashes} imported hashes are left: loginFloorMs may not be below ${floorMs}.\n`

/** @throws Unavailable */
export async function keysCommand({ json }: Given<'keys'>): Promise<void> {
  const {
    KEY_CREDENTIAL,
    KEY_CODE,
    KEY_CODE_COVER,
    KEY_CODE_DERIVE,
    KEY_LINK,
    KEY_PSEUDONYM,
    KEY_CHECKPOINT,
  } = settings()
  const { kept, imported } = await countAll()
  const lines = [
    ...linesOf('credential', KEY_CREDENTIAL, kept.credential),
    ...linesOf('code', KEY_CODE, kept.code),
    ...linesOf('code-cover', KEY_CODE_COVER, kept['code-cover']),
    ...linesOf('code-derive', KEY_CODE_DERIVE, new Map()),
    ...linesOf('link', KEY_LINK, kept.link),
    ...linesOf('pseudonym', KEY_PSEUDONYM, new Map()),
    ...linesOf('checkpoint', KEY_CHECKPOINT, kept.checkpoint),
  ]
  print(json, { keys: lines, imported }, () => [...lines.map(textOf), importedText(imported)].join(''))
}
