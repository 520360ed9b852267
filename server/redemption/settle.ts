import type { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import { firstDayOf, type Month, monthOf, nextMonth, startOfDay } from '../../shared/core/time'
import { maskName } from '../../shared/person/rules'
import type { paymentInput, settleInput, settlementListQuery } from '../../shared/redemption/input'
import type { SettlementView } from '../../shared/redemption/view'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope, mayOver, NOWHERE } from '../core/actor'
import type { Keys } from '../core/config'
import { type Db, driverOf, type Reader } from '../core/db'
import { idFrom } from '../core/ids'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { settleDue } from '../ledger/settle'
import { openPersons } from '../person/vault'
import { findRegionInScope, regionNames } from '../region/queries'
import { ownPoints } from './policy'

/** What a point is owed up to the end of a month: all it handed over and no statement holds yet. */
const owedOf = (pointId: string, month: Month) => ({
  pointId,
  state: 'fulfilled',
  settlementId: null,
  resolvedAt: { lt: startOfDay(firstDayOf(nextMonth(month))) },
})

/**
 * The statement of a point for a month that is over. What is on it can't be reversed any more, and is on no other.
 *
 * @throws Refusal NOT_FOUND, SETTLEMENT_MONTH, SETTLEMENT_EMPTY
 */
export async function issueSettlement(
  db: Db,
  actor: Actor,
  pointId: string,
  { id, month }: z.infer<typeof settleInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(
      tx,
      { key: id, personId: actor.personId, verb: 'issueSettlement', input: { pointId, month }, at },
      async () => {
        if (driverOf(tx).provider === 'postgresql')
          await tx.$queryRaw`SELECT "id" FROM redemption_point WHERE "id" = ${pointId} FOR NO KEY UPDATE`
        const point = await tx.redemptionPoint.findFirst({
          where: { id: pointId, ...inScope(actor, can('settlement.keep')) },
        })
        if (point === null) throw new Refusal('NOT_FOUND')
        if (month >= monthOf(at)) throw new Refusal('SETTLEMENT_MONTH', { field: 'month' })
        const known = await tx.settlement.findFirst({ where: { pointId, month } })
        if (known !== null) return { id: known.id }
        const first = await tx.redemption.findFirst({ where: owedOf(pointId, month), select: { programmeId: true } })
        if (first === null) throw new Refusal('SETTLEMENT_EMPTY')
        const { programmeId } = first
        const { count } = await tx.redemption.updateMany({
          where: { ...owedOf(pointId, month), programmeId },
          data: { settlementId: id },
        })
        const { _sum } = await tx.redemption.aggregate({
          where: { settlementId: id },
          _sum: { priceMilliPoints: true, costFen: true },
        })
        await tx.settlement.create({
          data: {
            ...{ id, pointId, programmeId, regionPath: point.regionPath, month, pieces: count },
            ...{ milliPoints: _sum.priceMilliPoints ?? 0n, costFen: BigInt(_sum.costFen ?? 0) },
            ...{ issuedAt: at, issuedByPersonId: actor.personId },
          },
        })
        await logOperation(tx, actor, {
          ...{ at, action: 'issue', resource: 'settlement', resourceId: id, regionPath: point.regionPath },
          after: { month, pieces: count, costFen: String(_sum.costFen ?? 0) },
        })
        return { id }
      },
    ),
  )
}

/**
 * The county's finance says that it has paid: with it the points leave what is due. Never who issued the statement.
 *
 * @throws Refusal NOT_FOUND, SETTLEMENT_PAID, SETTLEMENT_TWO_PERSONS
 */
export async function paySettlement(
  db: Db,
  actor: Actor,
  settlementId: string,
  input: z.infer<typeof paymentInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(
      tx,
      { key: input.id, personId: actor.personId, verb: 'paySettlement', input: { settlementId, ...input }, at },
      async () => {
        const one = await tx.settlement.findFirst({
          where: { id: settlementId, ...inScope(actor, can('settlement.keep')) },
        })
        if (one === null) throw new Refusal('NOT_FOUND')
        if (one.paidAt !== null) throw new Refusal('SETTLEMENT_PAID')
        if (one.issuedByPersonId === actor.personId) throw new Refusal('SETTLEMENT_TWO_PERSONS')
        const paid = await tx.settlement.updateMany({
          where: { id: one.id, paidAt: null },
          data: { paidAt: at, paidByPersonId: actor.personId, paymentNo: input.paymentNo },
        })
        if (paid.count === 0) throw new Refusal('SETTLEMENT_PAID')
        if (one.milliPoints > 0n)
          await settleDue(
            tx,
            {
              id: idFrom('SETTLE', one.id),
              programmeId: one.programmeId,
              refType: 'settlement',
              refId: one.id,
              milliPoints: one.milliPoints,
              happenedAt: at,
              byId: actor.personId,
              explanation: { month: one.month, pointId: one.pointId },
            },
            at,
          )
        await logOperation(tx, actor, {
          ...{ at, action: 'pay', resource: 'settlement', resourceId: one.id, regionPath: one.regionPath },
          after: { month: one.month, costFen: String(one.costFen) },
        })
        return { id: one.id }
      },
    ),
  )
}

type Settlement = Awaited<ReturnType<Db['settlement']['findUniqueOrThrow']>>

/** Of a month: each point of the actor's regions with what it is or would be paid; a point sees its own. */
export async function listSettlements(
  db: Db,
  keys: Keys,
  actor: Actor,
  query: z.infer<typeof settlementListQuery>,
  at: Date,
): Promise<SettlementView[]> {
  const month = query.month ?? nextMonth(monthOf(at), -1)
  const within =
    query.regionId === undefined
      ? undefined
      : (await findRegionInScope(db, actor, can('redemption.read', 'redemption.atPoint'), query.regionId)).path
  const points = await db.redemptionPoint.findMany({
    where: {
      OR: [...(inScope(actor, can('redemption.read'), within).OR ?? [NOWHERE]), { id: { in: ownPoints(actor) } }],
    },
    orderBy: [{ regionPath: 'asc' }, { name: 'asc' }],
  })
  const pointIds = points.map((one) => one.id)
  const issued = await db.settlement.findMany({ where: { month, pointId: { in: pointIds } } })
  const owed = await db.redemption.groupBy({
    by: ['pointId'],
    where: { ...owedOf('', month), pointId: { in: pointIds } },
    _count: { id: true },
    _sum: { priceMilliPoints: true, costFen: true },
  })
  const names = await namesOf(db, keys, issued)
  const regions = await regionNames(
    db,
    points.map((one) => one.regionId),
  )
  return points.flatMap((point): SettlementView[] => {
    const place = { regionId: point.regionId, regionName: regions.get(point.regionId)?.name ?? '' }
    const named = { ...place, pointId: point.id, pointName: point.name, month }
    const done = issued.find((one) => one.pointId === point.id)
    const mayKeep = mayOver(actor, can('settlement.keep'), point.regionPath)
    if (done !== undefined)
      return [
        {
          ...named,
          ...presentIssued(done, names),
          mayIssue: false,
          mayPay: mayKeep && done.paidAt === null && done.issuedByPersonId !== actor.personId,
        },
      ]
    const open = owed.find((one) => one.pointId === point.id)
    if (open === undefined) return []
    return [
      {
        ...named,
        ...{ id: null, issuedAt: null, issuedByName: null, paidAt: null, paidByName: null, paymentNo: null },
        pieces: open._count.id,
        milliPoints: String(open._sum.priceMilliPoints ?? 0n),
        costFen: String(open._sum.costFen ?? 0),
        mayIssue: mayKeep && month < monthOf(at),
        mayPay: false,
      },
    ]
  })
}

async function namesOf(db: Reader, keys: Keys, rows: readonly Settlement[]): Promise<(personId: string) => string> {
  const ids = rows.flatMap((one) => [
    one.issuedByPersonId,
    ...(one.paidByPersonId === null ? [] : [one.paidByPersonId]),
  ])
  const persons = await openPersons(db, keys, ids)
  return (personId) => maskName(persons.get(personId)?.name ?? '')
}

function presentIssued(one: Settlement, nameOf: (personId: string) => string) {
  return {
    id: one.id,
    pieces: one.pieces,
    milliPoints: String(one.milliPoints),
    costFen: String(one.costFen),
    issuedAt: one.issuedAt.toISOString(),
    issuedByName: nameOf(one.issuedByPersonId),
    paidAt: one.paidAt?.toISOString() ?? null,
    paidByName: one.paidByPersonId === null ? null : nameOf(one.paidByPersonId),
    paymentNo: one.paymentNo,
  }
}
