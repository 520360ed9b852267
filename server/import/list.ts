import { addSeconds, dayOf } from '../../shared/core/time'
import type { ImportListQuery } from '../../shared/import/input'
import { type ImportKindCode, stays } from '../../shared/import/kinds'
import type { ImportView } from '../../shared/import/view'
import { maskName } from '../../shared/person/rules'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db, Reader } from '../core/db'
import { cursorOf, readCursor, readMoment, toPage } from '../core/input'
import { openPersons } from '../person/vault'
import { findRegionInScope } from '../region/queries'
import { settingsAt } from '../region/settings'

type Batch = Awaited<ReturnType<Db['importBatch']['findUniqueOrThrow']>>

/** Batches of the actor's regions, the latest first. */
export async function listImports(db: Db, keys: Keys, actor: Actor, query: ImportListQuery, at: Date) {
  const within =
    query.regionId === undefined ? undefined : await findRegionInScope(db, actor, can('import.read'), query.regionId)
  const cursor = readCursor(query.cursor, 2)
  const before =
    cursor === null
      ? {}
      : {
          OR: [{ at: { lt: readMoment(cursor[0]) } }, { at: readMoment(cursor[0]), id: { gt: cursor[1] ?? '' } }],
        }
  const rows = await db.importBatch.findMany({
    where: {
      AND: [
        inScope(actor, can('import.read'), within?.path),
        query.kind === undefined ? {} : { kind: query.kind },
        before,
      ],
    },
    orderBy: [{ at: 'desc' }, { id: 'asc' }],
    take: query.limit + 1,
  })
  const views = new Map((await batchViews(db, keys, rows, at)).map((one) => [one.id, one]))
  return toPage(
    rows,
    query.limit,
    (row) => views.get(row.id) as ImportView,
    (row) => cursorOf(row.at.toISOString(), row.id),
  )
}

/** Batches as they are shown: the clerks with one query, the settings once for each place and day. */
export async function batchViews(db: Reader, keys: Keys, batches: readonly Batch[], at: Date): Promise<ImportView[]> {
  const clerks = await openPersons(db, keys, [...new Set(batches.map((one) => one.byPersonId))])
  const days = new Map(batches.map((one) => [`${one.regionPath} ${dayOf(one.at)}`, one]))
  const hours = new Map<string, number>()
  for (const [key, { regionPath, at: day }] of days)
    hours.set(key, (await settingsAt(db, regionPath, dayOf(day))).importUndoHours)
  return batches.map((batch) => {
    const until = addSeconds(batch.at, (hours.get(`${batch.regionPath} ${dayOf(batch.at)}`) ?? 0) * 3600)
    const canUndo =
      !stays(batch.kind as ImportKindCode) && batch.undoneAt === null && at < until && batch.added + batch.updated > 0
    return {
      id: batch.id,
      kind: batch.kind as ImportKindCode,
      fileName: batch.fileName,
      at: batch.at.toISOString(),
      byName: maskName(clerks.get(batch.byPersonId)?.name ?? ''),
      counts: { new: batch.added, update: batch.updated, skip: batch.skipped, error: batch.failed },
      canUndoUntil: canUndo ? until.toISOString() : null,
      undoneAt: batch.undoneAt?.toISOString() ?? null,
    }
  })
}

/** Until when a batch can be taken back, by the rules of the day it came in. */
export async function undoUntil(db: Reader, batch: Pick<Batch, 'regionPath' | 'at'>): Promise<Date> {
  const { importUndoHours } = await settingsAt(db, batch.regionPath, dayOf(batch.at))
  return addSeconds(batch.at, importUndoHours * 3600)
}
