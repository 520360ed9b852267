import type { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import type { Page } from '../../shared/core/view'
import { maskName } from '../../shared/person/rules'
import type { batchListQuery, countBatchInput } from '../../shared/plate/input'
import type { PlateBatch } from '../../shared/plate/view'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope } from '../core/actor'
import { insertAll } from '../core/bulk'
import type { Keys } from '../core/config'
import { type Db, execute, query, type Tx } from '../core/db'
import { cursorOf, readCursor, readMoment, toPage } from '../core/input'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { openPersons } from '../person/vault'
import { findRegionInScope, regionNames } from '../region/queries'

type Row = Awaited<ReturnType<Db['plateBatch']['findUniqueOrThrow']>>

/** Plates that were made together are one batch, of the smallest place they are all in. */
export async function addBatch(
  tx: Tx,
  actor: Actor,
  { id, plates }: { id: string; plates: readonly { regionId: string; regionPath: string }[] },
  at: Date,
): Promise<void> {
  const regionPath = commonPath(plates.map((one) => one.regionPath))
  const own = plates.find((one) => one.regionPath === regionPath)?.regionId
  const regionId = own ?? (await tx.region.findFirstOrThrow({ where: { path: regionPath } })).id
  await insertAll(tx, 'plate_batch', [
    { id, regionId, regionPath, plates: plates.length, issuedAt: at, issuedByPersonId: actor.personId },
  ])
}

/** "/1/4/20/" and "/1/4/21/" → "/1/4/". */
export function commonPath(paths: readonly string[]): string {
  const [first = '/', ...others] = paths
  const steps = first.split('/').slice(1, -1)
  while (steps.length > 0 && !others.every((path) => path.startsWith(`/${steps.join('/')}/`))) steps.pop()
  return steps.length === 0 ? '/' : `/${steps.join('/')}/`
}

/** A sheet of these batches went to the printer. */
export async function notePrint(tx: Tx, batchIds: readonly string[], at: Date): Promise<void> {
  await execute(
    tx,
    `UPDATE plate_batch SET "prints" = "prints" + 1, "printedAt" = $2 WHERE "id" IN LIST($1)`,
    [...new Set(batchIds)],
    at,
  )
}

/** Batches of the actor's regions, the newest first, with what has become of their plates. */
export async function listBatches(
  db: Db,
  keys: Keys,
  actor: Actor,
  { regionId, cursor, limit }: z.infer<typeof batchListQuery>,
): Promise<Page<PlateBatch>> {
  const within =
    regionId === undefined ? undefined : (await findRegionInScope(db, actor, can('plate.read'), regionId)).path
  const after = readCursor(cursor, 2)
  const from = after === null ? null : { at: readMoment(after[0]), id: after[1] as string }
  const older = from === null ? {} : { OR: [{ issuedAt: { lt: from.at } }, { issuedAt: from.at, id: { gt: from.id } }] }
  const rows = await db.plateBatch.findMany({
    where: { AND: [inScope(actor, can('plate.read'), within), older] },
    orderBy: [{ issuedAt: 'desc' }, { id: 'asc' }],
    take: limit + 1,
  })
  const shown = await presentBatches(db, keys, rows.slice(0, limit))
  return toPage(
    rows,
    limit,
    (row) => shown.get(row.id) as PlateBatch,
    (row) => cursorOf(row.issuedAt.toISOString(), row.id),
  )
}

/** One batch as the list shows it. */
export async function showBatch(db: Db, keys: Keys, actor: Actor, id: string): Promise<PlateBatch> {
  const row = await db.plateBatch.findFirst({ where: { id, ...inScope(actor, can('plate.read')) } })
  if (row === null) throw new Refusal('NOT_FOUND')
  return (await presentBatches(db, keys, [row])).get(id) as PlateBatch
}

async function presentBatches(db: Db, keys: Keys, rows: readonly Row[]): Promise<Map<string, PlateBatch>> {
  const counts = await query<{ batchId: string; count: number | bigint }>(
    db,
    `SELECT "batchId", count(*) AS "count" FROM plate WHERE "batchId" IN LIST($1) AND "revokedAt" IS NULL GROUP BY "batchId"`,
    rows.map(({ id }) => id),
  )
  const inForceOf = new Map(counts.map(({ batchId, count }) => [batchId, Number(count)]))
  const persons = await openPersons(
    db,
    keys,
    rows.flatMap(({ issuedByPersonId, countedByPersonId }) => [issuedByPersonId, countedByPersonId ?? '']),
  )
  const regions = await regionNames(
    db,
    rows.map(({ regionId }) => regionId),
  )
  const nameOf = (personId: string | null) => (personId === null ? null : maskName(persons.get(personId)?.name ?? ''))
  return new Map(
    rows.map((row) => [
      row.id,
      {
        ...{ id: row.id, regionId: row.regionId, regionName: regions.get(row.regionId)?.name ?? '' },
        ...{ plates: row.plates, inForce: inForceOf.get(row.id) ?? 0, issuedAt: row.issuedAt.toISOString() },
        issuedBy: nameOf(row.issuedByPersonId) ?? '',
        ...{ prints: row.prints, printedAt: row.printedAt?.toISOString() ?? null },
        ...{ counted: row.counted, countedAt: row.countedAt?.toISOString() ?? null, countNote: row.countNote },
        countedBy: nameOf(row.countedByPersonId),
        ...{ lostAt: row.lostAt?.toISOString() ?? null, lostReason: row.lostReason },
        state: stateOf(row),
      },
    ]),
  )
}

function stateOf({ lostAt, counted, plates, printedAt }: Row): PlateBatch['state'] {
  if (lostAt !== null) return 'lost'
  if (counted !== null) return counted < plates ? 'short' : 'counted'
  return printedAt === null ? 'made' : 'printed'
}

/**
 * Before they go out somebody else counts the good ones; fewer than were made stands on the list until it was cleared up.
 * @throws Refusal NOT_FOUND, BATCH_LOST, BATCH_OWN
 */
export async function countBatch(
  db: Db,
  actor: Actor,
  batchId: string,
  input: z.infer<typeof countBatchInput>,
  at: Date,
): Promise<{ id: string }> {
  const ask = { key: input.id, personId: actor.personId, verb: 'countBatch', input: { batchId, ...input }, at }
  return db.$transaction((tx) =>
    once(tx, ask, async () => {
      const batch = await findBatch(tx, actor, batchId)
      if (batch.lostAt !== null) throw new Refusal('BATCH_LOST')
      if (batch.issuedByPersonId === actor.personId) throw new Refusal('BATCH_OWN')
      const { counted, note } = input
      await tx.plateBatch.update({
        where: { id: batchId },
        data: { counted, countedAt: at, countedByPersonId: actor.personId, countNote: note === '' ? null : note },
      })
      await logOperation(tx, actor, {
        ...{ at, action: 'countBatch', resource: 'plate', resourceId: batchId, regionPath: batch.regionPath },
        after: { plates: batch.plates, counted },
      })
      return { id: batchId }
    }),
  )
}

/** A batch got lost: all its plates are out of use at once. Lost twice is lost. */
export async function loseBatch(
  db: Db,
  actor: Actor,
  batchId: string,
  reason: string,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const batch = await findBatch(tx, actor, batchId)
    if (batch.lostAt !== null) return { id: batchId }
    await tx.plateBatch.update({
      where: { id: batchId },
      data: { lostAt: at, lostByPersonId: actor.personId, lostReason: reason },
    })
    const { count } = await tx.plate.updateMany({
      where: { batchId, revokedAt: null },
      data: { revokedAt: at, revokedByPersonId: actor.personId, revokeReason: `整批丢失：${reason}` },
    })
    await logOperation(tx, actor, {
      ...{ at, action: 'loseBatch', resource: 'plate', resourceId: batchId, regionPath: batch.regionPath },
      ...{ purpose: reason, after: { revoked: count } },
    })
    return { id: batchId }
  })
}

async function findBatch(tx: Tx, actor: Actor, id: string): Promise<Row> {
  await execute(tx, `UPDATE plate_batch SET "plates" = "plates" WHERE "id" = $1`, id)
  const batch = await tx.plateBatch.findFirst({ where: { id, ...inScope(actor, can('plate.keep')) } })
  if (batch === null) throw new Refusal('NOT_FOUND')
  return batch
}
