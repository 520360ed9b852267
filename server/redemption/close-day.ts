import type { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import { addDays, type Day, dayOf, startOfDay } from '../../shared/core/time'
import { maskName } from '../../shared/person/rules'
import type { closingInput, closingListQuery } from '../../shared/redemption/input'
import type { ClosingsView } from '../../shared/redemption/view'
import { can } from '../../shared/session/permissions'
import { type Actor, mayOver } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db, Reader } from '../core/db'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { openPersons } from '../person/vault'
import { ownPoints } from './policy'

/**
 * The evening's count of a point: what it handed over that day, as it stands now. Closed again it is counted anew beside the
 * first count, never instead of it.
 *
 * @throws Refusal NOT_ALLOWED, CLOSING_DAY for a day to come
 */
export async function closeDay(
  db: Db,
  actor: Actor,
  pointId: string,
  input: z.infer<typeof closingInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(
      tx,
      { key: input.id, personId: actor.personId, verb: 'closeDay', input: { pointId, ...input }, at },
      async () => {
        if (!ownPoints(actor).includes(pointId)) throw new Refusal('NOT_FOUND')
        if (input.day > dayOf(at)) throw new Refusal('CLOSING_DAY', { field: 'day' })
        const point = await tx.redemptionPoint.findUniqueOrThrow({ where: { id: pointId } })
        const counted = await countDay(tx, pointId, input.day)
        const before = await tx.pointClosing.count({ where: { pointId, day: input.day } })
        const { id, day } = input
        await tx.pointClosing.create({
          data: {
            ...{ id, pointId, day, regionPath: point.regionPath, revision: before + 1 },
            ...counted,
            ...{ byPersonId: actor.personId, at },
          },
        })
        await logOperation(tx, actor, {
          ...{ at, action: 'closeDay', resource: 'redemptionPoint', resourceId: pointId, regionPath: point.regionPath },
          after: { day, pieces: counted.pieces, costFen: String(counted.costFen) },
        })
        return { id }
      },
    ),
  )
}

/** What a point handed over on a day, less what was reversed; that is counted beside it. */
async function countDay(db: Reader, pointId: string, day: Day) {
  const resolvedAt = { gte: startOfDay(day), lt: startOfDay(addDays(day, 1)) }
  const given = await db.redemption.aggregate({
    where: { pointId, state: 'fulfilled', resolvedAt },
    _count: { id: true },
    _sum: { priceMilliPoints: true, costFen: true },
  })
  return {
    pieces: given._count.id,
    reversedPieces: await db.redemption.count({ where: { pointId, state: 'reversed', resolvedAt } }),
    milliPoints: given._sum.priceMilliPoints ?? 0n,
    costFen: BigInt(given._sum.costFen ?? 0),
  }
}

/** Today as it stands and the days that were closed, of the own point; the county sees those of its points. */
export async function findClosings(
  db: Db,
  keys: Keys,
  actor: Actor,
  query: z.infer<typeof closingListQuery>,
  at: Date,
): Promise<ClosingsView> {
  const pointId = query.pointId ?? ownPoints(actor)[0]
  const point = pointId === undefined ? null : await db.redemptionPoint.findUnique({ where: { id: pointId } })
  if (
    point === null ||
    !(ownPoints(actor).includes(point.id) || mayOver(actor, can('redemption.read'), point.regionPath))
  )
    throw new Refusal('NOT_FOUND')
  const closings = await db.pointClosing.findMany({
    where: { pointId: point.id, day: { gte: query.from ?? addDays(dayOf(at), -62), lte: query.to ?? dayOf(at) } },
    orderBy: [{ day: 'desc' }, { revision: 'desc' }],
  })
  const names = await openPersons(
    db,
    keys,
    closings.map((one) => one.byPersonId),
  )
  const today = await countDay(db, point.id, dayOf(at))
  return {
    day: dayOf(at),
    ...today,
    milliPoints: String(today.milliPoints),
    costFen: String(today.costFen),
    closings: closings.map(({ id, day, revision, pieces, reversedPieces, milliPoints, costFen, byPersonId, at }) => ({
      ...{ id, pointId: point.id, pointName: point.name, day, revision, pieces, reversedPieces },
      milliPoints: String(milliPoints),
      costFen: String(costFen),
      byName: maskName(names.get(byPersonId)?.name ?? ''),
      at: at.toISOString(),
    })),
  }
}
