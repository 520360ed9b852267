import { fromHex } from '../../shared/proof/bytes'
import {
  consistencySpans,
  foldSubtrees,
  HASH_BYTES,
  inclusionSpans,
  type Span,
  type Subtree,
  subtreesOf,
} from '../../shared/proof/tree'
import { query, type Reader, type Tx } from '../core/db'
import { nodeHash, sha256 } from './crypto'

/** C2SP tlog-tiles: 256 hashes wide, eight levels of the tree high. */
export const TILE_WIDTH = 256
const TILE_HEIGHT = 8

/** The tree over the first `size` leaves of a log, read by tiles: what a proof costs does not grow with the log. */
export function readTree(db: Reader, regionId: string, size: number) {
  const tiles = new Map<string, Promise<Uint8Array[]>>()

  /** The hashes of a tile as far as a log of this size has them. */
  function tile(level: number, tileNo: number): Promise<Uint8Array[]> {
    const key = `${level}/${tileNo}`
    const known = tiles.get(key) ?? readTile(level, tileNo)
    tiles.set(key, known)
    return known
  }

  async function readTile(level: number, tileNo: number): Promise<Uint8Array[]> {
    const width = Math.min(TILE_WIDTH, Math.floor(size / TILE_WIDTH ** level) - tileNo * TILE_WIDTH)
    if (width <= 0) return []
    if (width === TILE_WIDTH) {
      const [row] = await query<{ hashes: Uint8Array }>(
        db,
        'SELECT "hashes" FROM log_tile WHERE "regionId" = $1 AND "level" = $2 AND "tileNo" = $3',
        ...[regionId, level, tileNo],
      )
      if (row !== undefined) return splitTile(new Uint8Array(row.hashes))
    }
    const first = tileNo * TILE_WIDTH
    if (level === 0) return readLeafHashes(db, regionId, { from: first, to: first + width })
    const hashes: Uint8Array[] = []
    for (let at = first; at < first + width; at += 1) hashes.push(tileRoot(await tile(level - 1, at)))
    return hashes
  }

  async function hashOf({ level, index }: Subtree): Promise<Uint8Array> {
    const tileLevel = Math.floor(level / TILE_HEIGHT)
    const width = 2 ** (level % TILE_HEIGHT)
    const first = index * width
    const hashes = await tile(tileLevel, Math.floor(first / TILE_WIDTH))
    const at = first % TILE_WIDTH
    const own = hashes.slice(at, at + width)
    if (own.length < width) throw new Error(`log ${regionId}: leaves are missing below ${size}`)
    return tileRoot(own)
  }

  const spanHash = async (span: Span): Promise<Uint8Array> => {
    const hashes: Uint8Array[] = []
    for (const one of subtreesOf(span)) hashes.push(await hashOf(one))
    return foldSubtrees(hashes, sha256)
  }
  const all = async (spans: readonly Span[]): Promise<Uint8Array[]> => {
    const hashes: Uint8Array[] = []
    for (const span of spans) hashes.push(await spanHash(span))
    return hashes
  }
  return {
    tile,
    root: () => spanHash({ from: 0, to: size }),
    /** @throws RangeError when the leaf is not in this tree */
    inclusion: (index: number) => all(inclusionSpans(index, size)),
    /** @throws RangeError when the older log is longer */
    consistency: (old: number) => all(consistencySpans(old, size)),
  }
}

/** How many leaves a log has. */
export async function sizeOf(db: Reader, regionId: string): Promise<number> {
  const [row] = await query<{ last: number | bigint | null }>(
    db,
    'SELECT MAX("logIndex") AS "last" FROM log_leaf WHERE "regionId" = $1',
    regionId,
  )
  return row?.last == null ? 0 : Number(row.last) + 1
}

/** Keeps the tiles that became full when a log grew from `from` to `to` leaves. */
export async function keepTiles(tx: Tx, regionId: string, { from, to }: Span): Promise<void> {
  const tree = readTree(tx, regionId, to)
  for (let level = 0; Math.floor(to / TILE_WIDTH ** (level + 1)) > 0; level += 1) {
    const [first, end] = [from, to].map((size) => Math.floor(size / TILE_WIDTH ** (level + 1))) as [number, number]
    const rows = []
    for (let tileNo = first; tileNo < end; tileNo += 1)
      rows.push({ regionId, level, tileNo, hashes: joinTile(await tree.tile(level, tileNo)) })
    if (rows.length > 0) await tx.logTile.createMany({ data: rows })
  }
}

/** A tile that has just become full. */
type FullTile = { level: number; tileNo: number; bytes: Uint8Array }

/**
 * A tree that grows by leaves or by whole tiles: the roots of its complete subtrees, and the tiles that have just become full.
 * Where a subtree is as high as a tile, its root is a leaf of the tile above.
 */
export function newTree() {
  const frontier: (Uint8Array | null)[] = []
  const open: Uint8Array[][] = []
  let [size, full] = [0, 0]

  function append(hash: Uint8Array, from: number, tiles: FullTile[]): FullTile[] {
    let [carried, level] = [hash, from]
    for (; ; level += 1) {
      if (level % TILE_HEIGHT === 0) {
        const above = level / TILE_HEIGHT
        const hashes = open[above] ?? []
        open[above] = hashes
        hashes.push(carried)
        if (hashes.length === TILE_WIDTH) {
          const tileNo = Math.floor(size / TILE_WIDTH ** (above + 1))
          tiles.push({ level: above, tileNo, bytes: joinTile(hashes) })
          open[above] = []
        }
      }
      const left = frontier[level]
      if (left == null) break
      carried = nodeHash(left, carried)
      frontier[level] = null
    }
    frontier[level] = carried
    size += 2 ** from
    full += tiles.length
    return tiles
  }

  return {
    size: () => size,
    tiles: () => full,
    add: (hash: Uint8Array) => append(hash, 0, []),
    /** 256 leaves at once, where their root is known; the tree must be whole tiles so far. */
    addTile: (bytes: Uint8Array, root: Uint8Array) =>
      append(root, TILE_HEIGHT, [{ level: 0, tileNo: size / TILE_WIDTH, bytes }]),
    root() {
      const [first, ...others] = frontier.filter((one): one is Uint8Array => one != null)
      return others.reduce((right, left) => nodeHash(left, right), first as Uint8Array)
    },
  }
}

/** The root over hashes side by side, as many as a power of two. */
export function tileRoot(hashes: readonly Uint8Array[]): Uint8Array {
  let row = [...hashes]
  while (row.length > 1)
    row = Array.from({ length: row.length / 2 }, (_, at) =>
      nodeHash(row[at * 2] as Uint8Array, row[at * 2 + 1] as Uint8Array),
    )
  return row[0] as Uint8Array
}

export function joinTile(hashes: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(hashes.length * HASH_BYTES)
  hashes.forEach((hash, at) => {
    bytes.set(hash, at * HASH_BYTES)
  })
  return bytes
}

function splitTile(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: bytes.length / HASH_BYTES }, (_, at) =>
    bytes.slice(at * HASH_BYTES, (at + 1) * HASH_BYTES),
  )
}

async function readLeafHashes(db: Reader, regionId: string, { from, to }: Span): Promise<Uint8Array[]> {
  const rows = await query<{ hash: string }>(
    db,
    'SELECT "hash" FROM log_leaf WHERE "regionId" = $1 AND "logIndex" >= $2 AND "logIndex" < $3 ORDER BY "logIndex"',
    ...[regionId, from, to],
  )
  return rows.map(({ hash }) => fromHex(hash) as Uint8Array)
}
