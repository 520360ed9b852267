import { REFUSALS, Refusal, refuse } from '../../shared/core/refusals'
import { addDays, type Day, dayOf, startOfDay } from '../../shared/core/time'
import { relationFor } from '../../shared/member/rules'
import { PAYMENT_DAYS } from '../../shared/order/rules'
import type { OrderPrices } from '../../shared/order/view'
import type { Relation } from '../../shared/scheme/document'
import { priceOfHelp } from '../../shared/scheme/gates'
import type { Actor } from '../core/actor'
import type { Db, Reader, Tx } from '../core/db'
import { idFrom, newId } from '../core/ids'
import { logEach, logOperation } from '../core/operation-log'
import { letOverdraw } from '../ledger/overdraft'
import { book } from '../ledger/pay'
import { voidHold } from '../ledger/post'
import { balanceOf } from '../ledger/queries'
import { accountOfPerson, findAccountOfPerson } from '../member/account'
import { notify } from '../notice/notify'
import { overdraftOf, whyNotByScheme } from '../redemption/gate'
import { schemeOn } from '../scheme/queries'
import { servicesAt } from '../service/queries'

export type Payment = Awaited<ReturnType<Db['orderPayment']['findUniqueOrThrow']>>
type Elder = { id: string; personId: string; regionPath: string; countyId: string }
type Payer = 'elder' | 'me'
type Purse = { personId: string; regionPath: string; countyId: string; relation: Relation }

/**
 * Promises points for the help that is asked for: the elder's own, or those of the relative who asks. The price is the
 * scheme's; whoever may redeem may ask for this too, as often and as old as the rules say.
 *
 * @throws Refusal PAY_CLOSED, NOT_ALLOWED, PROGRAMME_MIXED, POINTS_NOT_ENOUGH, and what the rules of the payer's place say
 */
export async function bookPayment(
  tx: Tx,
  actor: Actor,
  order: {
    id: string
    wantedDay: Day
    payer: Payer
    elder: Elder
    service: { code: string; plannedSeconds: number }
  },
  at: Date,
): Promise<void> {
  const { id, elder, service } = order
  const scheme = await schemeOn(tx, elder.regionPath, dayOf(at))
  const price = scheme === null ? null : priceOfHelp(scheme.document, service)
  if (scheme === null || price === null) throw new Refusal('PAY_CLOSED', { field: 'payer' })
  const purse = await purseOf(tx, actor, elder, order.payer)
  if (purse === null) throw new Refusal('NOT_ALLOWED', { field: 'payer' })
  if (purse.countyId !== elder.countyId) throw new Refusal('PROGRAMME_MIXED', { field: 'payer' })
  const { programmeId } = scheme
  const accountId = await accountOfPerson(tx, purse.personId, programmeId, at)
  const overdraft = await overdraftOf(tx, purse.regionPath, at)
  await letOverdraw(tx, accountId, overdraft)
  const holdId = idFrom('HOLD', 'order', id)
  const heldUntil = startOfDay(addDays(order.wantedDay, PAYMENT_DAYS + 1))
  await book(
    tx,
    {
      ...{ id: holdId, programmeId, accountId, milliPoints: price.milliPoints, refType: 'order', refId: id },
      ...{ until: heldUntil, byId: actor.personId, happenedAt: at, explanation: { service: service.code } },
    },
    at,
  )
  // The books may allow more, from rules that held before; the account is locked by now.
  if ((await balanceOf(tx, accountId)).availableMilliPoints < -overdraft) throw new Refusal('POINTS_NOT_ENOUGH')
  const beneficiary = { personId: elder.personId, relation: purse.relation }
  refuse(await whyNotByScheme(tx, purse, { id, programmeId, kind: 'service', beneficiary }, at), { field: 'payer' })
  const plannedSeconds = price.isPiece ? null : service.plannedSeconds
  await tx.orderPayment.create({
    data: {
      ...{ orderId: id, programmeId, payerPersonId: purse.personId, accountId, relation: purse.relation, holdId },
      ...{ heldMilliPoints: price.milliPoints, plannedSeconds, heldAt: at, heldUntil, state: 'held' },
    },
  })
  await logOperation(tx, actor, {
    ...{ at, action: 'promise', resource: 'orderPayment', resourceId: id, regionPath: elder.regionPath },
    after: { relation: purse.relation, plannedSeconds },
  })
}

/** Frees the points of an order that came to nothing; of one that was paid or freed before, or never had any, nothing changes. */
export async function freePayment(tx: Tx, orderId: string, byId: string, reason: string, at: Date): Promise<boolean> {
  const { count } = await tx.orderPayment.updateMany({ where: { orderId, state: 'held' }, data: { state: 'freed' } })
  if (count === 0) return false
  const { holdId } = await tx.orderPayment.findUniqueOrThrow({ where: { orderId } })
  await voidHold(tx, { id: idFrom('VOID', holdId), holdId, byId, happenedAt: at, explanation: { reason } }, at)
  return true
}

const AT_ONCE = 200
/** A visit that may still be paid, or not: its points wait for it. */
const WAITING = ['inProgress', 'finished', 'confirmed', 'disputed']

/**
 * Frees what nothing came of: the time is over, or the order is closed and no visit waits for its points. An order that
 * nobody took by then is cancelled, and who pays is told.
 *
 * @returns how many
 */
export async function releasePayments(db: Db, at: Date): Promise<number> {
  const due = await db.orderPayment.findMany({
    where: { state: 'held', OR: [{ heldUntil: { lt: at } }, { order: { state: { in: ['done', 'cancelled'] } } }] },
    include: { order: true },
    orderBy: { heldUntil: 'asc' },
    take: AT_ONCE,
  })
  const waiting = await db.visit.findMany({
    where: { orderId: { in: due.map(({ orderId }) => orderId) }, state: { in: WAITING } },
    select: { orderId: true },
  })
  const held = new Set(waiting.map(({ orderId }) => orderId))
  let freed = 0
  for (const { orderId, order, payerPersonId } of due) {
    if (held.has(orderId)) continue
    freed += await db.$transaction(async (tx) => {
      if (!(await freePayment(tx, orderId, 'clock', 'timeout', at))) return 0
      const closing = { state: 'cancelled', closedAt: at }
      const open = { id: orderId, state: { in: ['open', 'accepted'] } }
      const { count } = await tx.order.updateMany({ where: open, data: closing })
      const about = { action: 'cancelled', resource: 'order', resourceId: orderId, regionPath: order.regionPath }
      if (count > 0) {
        const event = { kind: 'cancelled', byPersonId: 'clock', memberId: order.memberId, reason: 'noHelper' }
        await tx.orderEvent.create({ data: { id: newId(at), orderId, ...event, at } })
        await logEach(tx, [{ ...about, actor: null, at }])
      }
      await notify(
        tx,
        [
          {
            ...{ personId: payerPersonId, kind: 'paymentFreed', key: `payment:${orderId}:freed` },
            ...{ title: '请人帮忙没有成', body: '留出来的积分已经退回您的账户。', phoneLink: '/ledger/points' },
          },
        ],
        at,
      )
      return 1
    })
  }
  return freed
}

/** What help costs where an elder is at home, and whose points may pay. */
export async function findPrices(db: Reader, actor: Actor, elder: Elder, at: Date): Promise<OrderPrices> {
  const scheme = await schemeOn(db, elder.regionPath, dayOf(at))
  if (scheme === null) return { prices: [], payers: [] }
  const prices = (await servicesAt(db, elder.regionPath)).flatMap((service) => {
    const price = priceOfHelp(scheme.document, service)
    return price === null ? [] : [{ serviceId: service.id, milliPoints: price.milliPoints.toString() }]
  })
  if (prices.length === 0) return { prices, payers: [] }
  const payers: OrderPrices['payers'] = []
  for (const payer of ['elder', 'me'] as const) {
    const purse = await purseOf(db, actor, elder, payer)
    if (purse === null || purse.countyId !== elder.countyId) continue
    const accountId = await findAccountOfPerson(db, purse.personId, scheme.programmeId)
    const { availableMilliPoints } = await balanceOf(db, accountId)
    const relations = scheme.document.redeem?.relations
    const isAllowed = relations === undefined || relations.includes(purse.relation)
    payers.push({
      payer,
      availableMilliPoints: (availableMilliPoints + (await overdraftOf(db, purse.regionPath, at))).toString(),
      whyNotSentence: isAllowed ? null : REFUSALS.RELATION[1],
    })
  }
  return { prices, payers }
}

/** Whose points they are, and what the elder is to that person; null where the actor may not spend them. */
async function purseOf(db: Reader, actor: Actor, elder: Elder, payer: Payer): Promise<Purse | null> {
  if (payer === 'elder') {
    const mayRedeem = actor.proxyOf.some((one) => one.elderId === elder.id && one.scopes.includes('redeem'))
    if (actor.elder?.id !== elder.id && !mayRedeem) return null
    return { ...elder, relation: 'self' }
  }
  const home = actor.member ?? actor.elder
  if (home === null || actor.personId === elder.personId) return null
  const kin = await db.kin.findFirst({
    where: {
      state: 'confirmed',
      OR: [
        { personId: actor.personId, otherPersonId: elder.personId },
        { personId: elder.personId, otherPersonId: actor.personId },
      ],
    },
  })
  if (kin === null) return null
  const relation = relationFor({ ...kin, relation: kin.relation as Relation }, actor.personId)
  return { personId: actor.personId, regionPath: home.regionPath, countyId: home.countyId, relation }
}
