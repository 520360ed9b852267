import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { foldHashes, leafHash, nodeHash, sha256 } from '../../server/proof/crypto'
import { newTree, TILE_WIDTH } from '../../server/proof/tree'
import { toHex } from '../../shared/proof/bytes'
import {
  consistencySpans,
  foldSubtrees,
  inclusionSpans,
  isConsistent,
  isIncluded,
  type Span,
  subtreesOf,
} from '../../shared/proof/tree'

const LEAVES = Array.from({ length: 40 }, (_, index) => leafHash(`leaf ${index}`))

/** MTH of RFC 6962 as the RFC writes it, to measure the other way of reckoning by. */
function rootOf({ from, to }: Span): Uint8Array {
  if (to - from === 1) return LEAVES[from] as Uint8Array
  let middle = 1
  while (middle * 2 < to - from) middle *= 2
  return nodeHash(rootOf({ from, to: from + middle }), rootOf({ from: from + middle, to }))
}
const rootAt = (size: number) => rootOf({ from: 0, to: size })
const subtree = ({ level, index }: { level: number; index: number }) =>
  rootOf({ from: index * 2 ** level, to: (index + 1) * 2 ** level })
const hashOf = (span: Span) => foldSubtrees(subtreesOf(span).map(subtree), sha256)
const flipped = (hash: Uint8Array) => Uint8Array.from(hash, (byte, at) => (at === 7 ? byte ^ 1 : byte))

test('a root folded from complete subtrees is the root of the RFC', async () => {
  for (let size = 1; size <= LEAVES.length; size += 1)
    expect(Buffer.from(await hashOf({ from: 0, to: size }))).toEqual(Buffer.from(rootAt(size)))
})

test('every leaf of every small log is proved, and by nothing else', async () => {
  for (let size = 1; size <= 24; size += 1) {
    for (let index = 0; index < size; index += 1) {
      const path = await Promise.all(inclusionSpans(index, size).map(hashOf))
      const given = { leafHash: LEAVES[index] as Uint8Array, index, size, root: rootAt(size), path }
      const check = (change: Partial<typeof given>) => isIncluded({ ...given, ...change }, sha256)
      expect(await check({})).toBe(true)
      expect(await check({ leafHash: LEAVES[index + 1] as Uint8Array })).toBe(false)
      expect(await check({ root: flipped(rootAt(size)) })).toBe(false)
      expect(await check({ path: [...path, LEAVES[0] as Uint8Array] })).toBe(false)
      if (path.length > 0) expect(await check({ path: path.slice(1) })).toBe(false)
      for (let other = 0; other < size; other += 1)
        if (other !== index) expect(await check({ index: other })).toBe(false)
      for (let place = 0; place < path.length; place += 1)
        expect(await check({ path: path.map((hash, at) => (at === place ? flipped(hash) : hash)) })).toBe(false)
    }
  }
})

test('every beginning of every small log is proved, and by nothing else', async () => {
  for (let size = 1; size <= 24; size += 1) {
    for (let old = 1; old <= size; old += 1) {
      const path = await Promise.all(consistencySpans(old, size).map(hashOf))
      const given = { old: { size: old, root: rootAt(old) }, now: { size, root: rootAt(size) }, path }
      const check = (change: Partial<typeof given>) => isConsistent({ ...given, ...change }, sha256)
      expect(await check({})).toBe(true)
      expect(await check({ old: { size: old, root: flipped(rootAt(old)) } })).toBe(false)
      expect(await check({ now: { size, root: flipped(rootAt(size)) } })).toBe(false)
      expect(await check({ path: [...path, LEAVES[0] as Uint8Array] })).toBe(false)
      if (path.length > 0) expect(await check({ path: path.slice(1) })).toBe(false)
      for (let place = 0; place < path.length; place += 1)
        expect(await check({ path: path.map((hash, at) => (at === place ? flipped(hash) : hash)) })).toBe(false)
    }
  }
})

test('an empty log, a short hash and a proof between equal sizes are refused', async () => {
  const root = rootAt(3)
  const short = root.slice(0, 31)
  const leaf = { leafHash: LEAVES[0] as Uint8Array, index: 0, size: 1, root: LEAVES[0] as Uint8Array, path: [] }
  expect(await isIncluded(leaf, sha256)).toBe(true)
  expect(await isIncluded({ ...leaf, size: 0 }, sha256)).toBe(false)
  expect(await isIncluded({ ...leaf, index: -1 }, sha256)).toBe(false)
  expect(await isIncluded({ ...leaf, root: short, leafHash: short }, sha256)).toBe(false)
  const same = { old: { size: 3, root }, now: { size: 3, root }, path: [] }
  expect(await isConsistent(same, sha256)).toBe(true)
  expect(await isConsistent({ ...same, path: [root] }, sha256)).toBe(false)
  expect(await isConsistent({ ...same, now: { size: 3, root: flipped(root) } }, sha256)).toBe(false)
  expect(await isConsistent({ ...same, old: { size: 0, root } }, sha256)).toBe(false)
  expect(await isConsistent({ ...same, now: { size: 4, root } }, sha256)).toBe(false)
  expect(await isConsistent({ ...same, now: { size: 2, root } }, sha256)).toBe(false)
  expect(() => inclusionSpans(0, 0)).toThrow(RangeError)
  expect(() => inclusionSpans(3, 3)).toThrow(RangeError)
  expect(() => consistencySpans(0, 3)).toThrow(RangeError)
  expect(() => consistencySpans(4, 3)).toThrow(RangeError)
})

/** A second way to the same root: a shell that joins neighbours level by level and carries the odd one up. */
const SHELL = `
set -e
hash() { openssl dgst -sha256 -binary; }
n=0
while IFS= read -r line; do
  { printf '\\000'; printf '%s' "$line"; } | hash > "n$n"
  n=$((n + 1))
done < leaves
while [ "$n" -gt 1 ]; do
  i=0; k=0
  while [ "$i" -lt "$n" ]; do
    if [ $((i + 1)) -lt "$n" ]; then { printf '\\001'; cat "n$i" "n$((i + 1))"; } | hash > next; else cat "n$i" > next; fi
    mv next "n$k"
    i=$((i + 2)); k=$((k + 1))
  done
  n=$k
done
openssl base64 -A < n0
`

test('openssl and a shell come to the same root by another way', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mulin-tree-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const size of [1, 2, 3, 5, 8, 13, 21]) {
    writeFileSync(join(folder, 'leaves'), Array.from({ length: size }, (_, index) => `leaf ${index}\n`).join(''))
    const { stdout, stderr } = spawnSync('sh', ['-c', SHELL], { cwd: folder, encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(stdout).toBe(Buffer.from(rootAt(size)).toString('base64'))
  }
})

test('a tree that grows by whole tiles is the one that grows leaf by leaf', () => {
  const hashes = Array.from({ length: 3 * TILE_WIDTH + 5 }, (_, index) => leafHash(`leaf ${index}`))
  const [byLeaf, byTile] = [newTree(), newTree()]
  const full = hashes.flatMap((hash) => byLeaf.add(hash))
  const tiles = []
  for (let at = 0; at < 2 * TILE_WIDTH; at += TILE_WIDTH) {
    const bytes = Buffer.concat(hashes.slice(at, at + TILE_WIDTH))
    tiles.push(...byTile.addTile(bytes, Buffer.from(foldHashes(Buffer.from(bytes)))))
  }
  for (const hash of hashes.slice(2 * TILE_WIDTH)) tiles.push(...byTile.add(hash))

  expect([byTile.size(), byTile.tiles()]).toEqual([byLeaf.size(), 3])
  expect(toHex(byTile.root())).toBe(toHex(byLeaf.root()))
  expect(tiles.map(({ level, tileNo, bytes }) => [level, tileNo, toHex(bytes)])).toEqual(
    full.map(({ level, tileNo, bytes }) => [level, tileNo, toHex(bytes)]),
  )
})
