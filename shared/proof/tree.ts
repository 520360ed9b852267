/**
 * The history tree of RFC 6962 section 2.1 and RFC 9162 section 2.1: which subtrees a proof needs, and how one is checked.
 * Pure: whoever asks brings SHA-256 along, node's on the server and WebCrypto's in the browser.
 */
import { isSame, joined } from './bytes'

export type Sha256 = (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>
/** The leaves [from, to) of the log. */
export type Span = { from: number; to: number }
/** The subtree over the leaves [index · 2^level, (index + 1) · 2^level). */
export type Subtree = { level: number; index: number }

export const HASH_BYTES = 32

/** A leaf and an inner node begin with different bytes, so that neither can be passed off as the other. */
export const leafInput = (data: Uint8Array): Uint8Array => joined(Uint8Array.of(0), data)
export const nodeInput = (left: Uint8Array, right: Uint8Array): Uint8Array => joined(Uint8Array.of(1), left, right)

/** What the audit path of a leaf is made of, from its sibling up to the child of the root. */
export function inclusionSpans(index: number, size: number): Span[] {
  if (!isSize(size) || !Number.isInteger(index) || index < 0 || index >= size) throw new RangeError('no such leaf')
  const path = (at: number, from: number, to: number): Span[] => {
    if (to - from === 1) return []
    const middle = from + split(to - from)
    return at < middle
      ? [...path(at, from, middle), { from: middle, to }]
      : [...path(at, middle, to), { from, to: middle }]
  }
  return path(index, 0, size)
}

/** What proves that the log of `old` leaves is the beginning of the log of `size` leaves. */
export function consistencySpans(old: number, size: number): Span[] {
  if (!isSize(old) || !isSize(size) || old > size) throw new RangeError('no such logs')
  const prove = (kept: number, from: number, to: number, whole: boolean): Span[] => {
    if (from + kept === to) return whole ? [] : [{ from, to }]
    const middle = from + split(to - from)
    return from + kept <= middle
      ? [...prove(kept, from, middle, whole), { from: middle, to }]
      : [...prove(from + kept - middle, middle, to, false), { from, to: middle }]
  }
  return prove(old, 0, size, true)
}

/** The complete subtrees a span of a proof is made of, the largest first; the span of a whole log too. */
export function subtreesOf({ from, to }: Span): Subtree[] {
  const subtrees: Subtree[] = []
  for (let at = from; at < to; ) {
    let level = 0
    while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= to) level += 1
    subtrees.push({ level, index: at / 2 ** level })
    at += 2 ** level
  }
  return subtrees
}

/** The hash over subtrees that lie side by side, as `subtreesOf` lists them. */
export async function foldSubtrees(hashes: readonly Uint8Array[], sha256: Sha256): Promise<Uint8Array> {
  const last = hashes.at(-1)
  if (last === undefined) throw new RangeError('an empty log has no root')
  let folded = last
  for (const hash of hashes.slice(0, -1).reverse()) folded = await sha256(nodeInput(hash, folded))
  return folded
}

/** Whether a leaf is where a log of this size and root is said to have it (RFC 9162 section 2.1.3.2). */
export async function isIncluded(
  given: { leafHash: Uint8Array; index: number; size: number; root: Uint8Array; path: readonly Uint8Array[] },
  sha256: Sha256,
): Promise<boolean> {
  const { leafHash, index, size, root, path } = given
  if (!isSize(size) || !Number.isInteger(index) || index < 0 || index >= size) return false
  if (![leafHash, root, ...path].every(isHash)) return false
  let [first, second, hash] = [index, size - 1, leafHash]
  for (const sibling of path) {
    if (second === 0) return false
    if (isOdd(first) || first === second) {
      hash = await sha256(nodeInput(sibling, hash))
      while (!isOdd(first) && first !== 0) [first, second] = [half(first), half(second)]
    } else {
      hash = await sha256(nodeInput(hash, sibling))
    }
    ;[first, second] = [half(first), half(second)]
  }
  return second === 0 && isSame(hash, root)
}

/** Whether one log is the beginning of another (RFC 9162 section 2.1.4.2). Two of one size are the same log, or a lie. */
export async function isConsistent(
  given: { old: Head; now: Head; path: readonly Uint8Array[] },
  sha256: Sha256,
): Promise<boolean> {
  const { old, now, path } = given
  if (!isSize(old.size) || !isSize(now.size) || old.size > now.size) return false
  if (![old.root, now.root, ...path].every(isHash)) return false
  if (old.size === now.size) return path.length === 0 && isSame(old.root, now.root)
  const [start, ...rest] = isPowerOfTwo(old.size) && path.length > 0 ? [old.root, ...path] : path
  if (start === undefined) return false
  let [first, second] = [old.size - 1, now.size - 1]
  while (isOdd(first)) [first, second] = [half(first), half(second)]
  let [oldRoot, newRoot] = [start, start]
  for (const hash of rest) {
    if (second === 0) return false
    if (isOdd(first) || first === second) {
      oldRoot = await sha256(nodeInput(hash, oldRoot))
      newRoot = await sha256(nodeInput(hash, newRoot))
      while (!isOdd(first) && first !== 0) [first, second] = [half(first), half(second)]
    } else {
      newRoot = await sha256(nodeInput(newRoot, hash))
    }
    ;[first, second] = [half(first), half(second)]
  }
  return second === 0 && isSame(oldRoot, old.root) && isSame(newRoot, now.root)
}
export type Head = { size: number; root: Uint8Array }

/** The largest power of two below a size. */
function split(size: number): number {
  let power = 1
  while (power * 2 < size) power *= 2
  return power
}

const isSize = (size: number) => Number.isSafeInteger(size) && size > 0
const isHash = (hash: Uint8Array) => hash.length === HASH_BYTES
const isOdd = (number: number) => number % 2 === 1
const half = (number: number) => Math.floor(number / 2)
const isPowerOfTwo = (number: number) => split(number + 1) === number
