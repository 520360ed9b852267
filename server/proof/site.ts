import type Koa from 'koa'
import type { Reader } from '../core/db'
import type { Parts } from '../core/route'
import { lastCheckpoint } from './logs'
import { cosignedNote } from './prove'
import { joinTile, readTree, sizeOf, TILE_WIDTH } from './tree'

const CHECKPOINT = /^\/log\/([0-9a-z-]{1,40})\/checkpoint$/
const TILE = /^\/log\/([0-9a-z-]{1,40})\/tile\/(\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/
const YEAR_SECONDS = 365 * 86_400

/** What C2SP tlog-tiles serves of a log: the last checkpoint and the hashes, which tell nobody anything. Entries are not here. */
export function logSite({ db }: Parts): Koa.Middleware {
  return async (ctx, next) => {
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return next()
    const checkpoint = CHECKPOINT.exec(ctx.path)
    if (checkpoint !== null) {
      const note = await findNote(db, checkpoint[1] as string)
      if (note === null) return
      ctx.type = 'text/plain; charset=utf-8'
      ctx.set('Cache-Control', 'max-age=5')
      ctx.body = note
      return
    }
    const tile = TILE.exec(ctx.path)
    if (tile === null) return next()
    const [, name = '', level, path = '', width] = tile
    const bytes = await findTile(db, name, Number(level), numberOf(path), width === undefined ? null : Number(width))
    if (bytes === null) return
    ctx.type = 'application/octet-stream'
    ctx.set('Cache-Control', `public, max-age=${YEAR_SECONDS}, immutable`)
    ctx.body = Buffer.from(bytes)
  }
}

async function findNote(db: Reader, name: string): Promise<string | null> {
  const log = await db.log.findUnique({ where: { name } })
  const last = log === null ? null : await lastCheckpoint(db, log.regionId)
  return last === null ? null : cosignedNote(db, last)
}

/** A full tile, or the part of one that a log of some size has; null where the log does not reach. */
async function findTile(
  db: Reader,
  name: string,
  level: number,
  tileNo: number,
  width: number | null,
): Promise<Uint8Array | null> {
  const log = await db.log.findUnique({ where: { name } })
  if (log === null || width === 0 || (width ?? 0) >= TILE_WIDTH) return null
  const hashes = await readTree(db, log.regionId, await sizeOf(db, log.regionId)).tile(level, tileNo)
  const wanted = width ?? TILE_WIDTH
  return hashes.length < wanted ? null : joinTile(hashes.slice(0, wanted))
}

/** "x001/x234/067" → 1234067 */
function numberOf(path: string): number {
  return Number(path.replace(/[x/]/g, ''))
}
