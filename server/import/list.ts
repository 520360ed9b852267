import { addSeconds, dayOf } from '../../shared/core/time'
import type { ImportListQuery } from '../../shared/import/input'
import type { ImportView } from '../../shared/import/view'
import { maskName } from '../../shared/person/rules'
import { type Actor, DESK, inScope } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db, Reader } from '../core/db'
import { cursorOf, readCursor, toPage } from '../core/input'
import { openPersons } from '../person/vault'
import { findRegionInScope } from '../region/queries'
import { settingsAt } from '../region/settings'

type Batch = Awaited<ReturnType<Db['importBatch']['findUniqueOrThrow']>>

/** Batches of the actor's regions, the latest first. */
export async function listImports(db: Db, keys: Keys, actor: Actor, query: ImportListQuery, at: Date) {
  const within = query.regionId === undefined ? undefined : await findRegionInScope(db, actor, DESK, query.regionId)
  const cursor = readCursor(query.cursor, 2)
  const before =
    cursor === null
      ? {}
      : {
          OR: [
            { at: { lt: new Date(cursor[0] ?? '') } },
            { at: new Date(cursor[0] ?? ''), id: { gt: cursor[1] ?? '' } },
          ],
        }
  const rows = await db.importBatch.findMany({
    where: { AND: [inScope(actor, DESK, within?.path), before] },
    orderBy: [{ at: 'desc' }, { id: 'asc' }],
    take: query.limit + 1,
  })
  const views = new Map<string, ImportView>()
  for (const row of rows) views.set(row.id, await batchView(db, keys, row, at))
  return toPage(
    rows,
    query.limit,
    (row) => views.get(row.id) as ImportView,
    (row) => cursorOf(row.at.toISOString(), row.id),
  )
}

export async function batchView(db: Reader, keys: Keys, batch: Batch, at: Date): Promise<ImportView> {
  const until = await undoUntil(db, batch)
  const clerk = (await openPersons(db, keys, [batch.byPersonId])).get(batch.byPersonId)
  const canUndo = batch.undoneAt === null && at < until && batch.added + batch.updated > 0
  return {
    id: batch.id,
    fileName: batch.fileName,
    at: batch.at.toISOString(),
    byName: maskName(clerk?.name ?? ''),
    counts: { new: batch.added, update: batch.updated, skip: batch.skipped, error: batch.failed },
    canUndoUntil: canUndo ? until.toISOString() : null,
    undoneAt: batch.undoneAt?.toISOString() ?? null,
  }
}

/** Until when a batch can be taken back, by the rules of the day it came in. */
export async function undoUntil(db: Reader, batch: Pick<Batch, 'regionPath' | 'at'>): Promise<Date> {
  const { importUndoHours } = await settingsAt(db, batch.regionPath, dayOf(batch.at))
  return addSeconds(batch.at, importUndoHours * 3600)
}
