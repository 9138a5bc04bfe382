import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { auditPath, emptyRoot, leafHash, leafHashes, rootOfPath, treeRoot } from '#shared/ledger/tree.ts'

/** The roots that Certificate Transparency's own test data gives for the first n of these leaves (RFC 9162, 2.1). */
const knownLeaves = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
]
const knownRoots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const known = leafHashes(knownLeaves.map((hex) => Buffer.from(hex, 'hex').toString('latin1')))
const textsOf = (count: number) => Array.from({ length: count }, (_, place) => `leaf ${place}`)

describe('the Merkle tree', () => {
  test('is that of RFC 9162, by the published roots of one to eight leaves', () => {
    expect(knownRoots.map((_, place) => treeRoot(known.subarray(0, 32 * (place + 1))))).toEqual(knownRoots)
  })

  test('without leaves has the hash of nothing as its root', () => {
    expect(treeRoot(leafHashes([]))).toBe(emptyRoot)
    expect(emptyRoot).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  })

  test('every leaf is proved by its audit path, in trees of every size', () => {
    for (let size = 1; size <= 70; size += 1) {
      const texts = textsOf(size)
      const leaves = leafHashes(texts)
      const root = treeRoot(leaves)
      for (const [index, text] of texts.entries())
        expect(rootOfPath(leafHash(text), index, size, auditPath(leaves, index))).toBe(root)
    }
  })

  test('a path proves no other leaf, place, size or path', () => {
    const size = fc.integer({ min: 1, max: 200 })
    const claim = fc.record({
      size,
      index: fc.nat(),
      other: fc.nat(),
      kind: fc.nat({ max: 4 }),
      bit: fc.nat(),
    })
    fc.assert(
      fc.property(claim, ({ size, index: at, other, kind, bit }) => {
        const leaves = leafHashes(textsOf(size))
        const index = at % size
        const leaf = leafHash(`leaf ${index}`)
        const path = auditPath(leaves, index)
        const forged = [
          () => rootOfPath(leafHash(`forged ${other}`), index, size, path),
          () => rootOfPath(leaf, index + size * (1 + (other % 3)), size, path),
          () => rootOfPath(leaf, index, size, path.slice(1)),
          () => rootOfPath(leaf, index, size, [...path, path[0] ?? leaf.toString('hex')]),
          () => rootOfPath(leaf, index, size, path.with(bit % path.length, leafHash('x').toString('hex'))),
        ]
        if (path.length === 0 && kind !== 0 && kind !== 1 && kind !== 3) return
        expect(forged[kind]?.()).not.toBe(treeRoot(leaves))
      }),
    )
  })
})

describe('a path that cannot belong to a tree', () => {
  const texts = ['a', 'b', 'c']
  const leaves = leafHashes(texts)
  const path = auditPath(leaves, 0)
  const leaf = leafHash('a')
  const root = treeRoot(leaves)

  test('leads nowhere, whatever is wrong with it', () => {
    expect(rootOfPath(leaf, 0, 3, path)).toBe(root)
    for (const size of [Number.NaN, 3.5, 0, -1, 0x80000000])
      expect(rootOfPath(leaf, 0, size, path)).toBeUndefined()
    for (const index of [Number.NaN, 0.5, -1, 3, 4]) expect(rootOfPath(leaf, index, 3, path)).toBeUndefined()
    expect(rootOfPath(leaf, -1, 1, [])).toBeUndefined()
    expect(rootOfPath(leaf, 1, 1, [])).toBeUndefined()
    expect(rootOfPath(leaf, 0.5, 1, [])).toBeUndefined()
    expect(rootOfPath(leaf, 0, 1, [])).toBe(leaf.toString('hex'))
  })

  test.each(['0', 'g'])('with %s more in a step leads nowhere', (more) => {
    const [first = '', ...rest] = path
    expect(rootOfPath(leaf, 0, 3, [first + more, ...rest])).toBeUndefined()
    expect(rootOfPath(leaf, 0, 3, [more + first, ...rest])).toBeUndefined()
  })

  test('with a step too many leads nowhere', () => {
    expect(rootOfPath(leaf, 0, 3, [...path, '0'.repeat(64)])).toBeUndefined()
  })
})
