import { Refusal, refuse } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import { type OrderState, whyNotTake } from '../../shared/order/rules'
import { whyNotAlone } from '../../shared/service/minors'
import { whyNotServe as whyNotService } from '../../shared/service/rules'
import { whyNotHelp, whyNotServe } from '../../shared/visit/rules'
import type { Actor } from '../core/actor'
import { type Db, driverOf, type Tx } from '../core/db'
import { blackListed } from '../credit/grade'
import { notify } from '../notice/notify'
import { settingsAt } from '../region/settings'
import { noteOrder, type OrderRow } from './find'
import { nearbyOf } from './policy'

type Helper = {
  id: string
  personId: string
  kind: 'volunteer' | 'neighbourHelper'
  state: string
  countyId: string
  trainings: readonly string[]
}

/**
 * A helper takes an open order; of many at once exactly one. Asked again by who has it, nothing changes.
 * @throws Refusal NOT_FOUND, NOT_A_MEMBER, MEMBER_SUSPENDED, CREDIT_BLACK, SELF_SERVICE, SERVICE_NATURE, TRAINING_NEEDED, MINOR_ALONE,
 *   ORDER_NOT_OPEN
 */
export async function accept(db: Db, actor: Actor, orderId: string, at: Date): Promise<{ id: string }> {
  const member = actor.member
  if (member === null) throw new Refusal('NOT_A_MEMBER')
  return db.$transaction(async (tx) => {
    const order = await tx.order.findUnique({ where: { id: orderId } })
    if (order === null) throw new Refusal('NOT_FOUND')
    if (order.state === 'accepted' && order.memberId === member.id) return { id: orderId }
    if (!order.regionPath.startsWith(nearbyOf(member))) throw new Refusal('NOT_FOUND')
    refuse(whyNotTake({ state: order.state as OrderState }))
    await refuseUnfit(tx, { ...member, personId: actor.personId }, order, at)
    await take(tx, order, member.id, at)
    await noteOrder(tx, actor, order, { kind: 'accepted', memberId: member.id }, at)
    return { id: orderId }
  })
}

/** Why this helper can't be the one for this order, whoever chose. */
export async function refuseUnfit(tx: Tx, helper: Helper, order: OrderRow, at: Date): Promise<void> {
  const elder = await tx.elder.findUniqueOrThrow({ where: { id: order.elderId } })
  const service = await tx.service.findUniqueOrThrow({ where: { id: order.serviceId } })
  // Nobody is paid with his own points.
  const payment = await tx.orderPayment.findUnique({ where: { orderId: order.id } })
  if (payment?.payerPersonId === helper.personId) throw new Refusal('SELF_SERVICE')
  const today = dayOf(at)
  if ((await blackListed(driverOf(tx), [helper.personId]))(helper.personId, today)) throw new Refusal('CREDIT_BLACK')
  refuse(whyNotHelp(helper) ?? whyNotServe(helper, elder, today))
  refuse(whyNotService(helper, { ...service, natures: service.natures.split(',') }))
  const { birthDate } = await tx.person.findUniqueOrThrow({ where: { id: helper.personId } })
  // the day he or she would go
  const day = order.wantedDay > today ? order.wantedDay : today
  const { minorsAloneFromAge } = await settingsAt(tx, order.regionPath, today)
  refuse(whyNotAlone(birthDate, service, day, minorsAloneFromAge))
}

/** @throws Refusal ORDER_NOT_OPEN when it changed hands meanwhile */
export async function take(tx: Tx, order: OrderRow, memberId: string, at: Date): Promise<void> {
  const { count } = await tx.order.updateMany({
    where: { id: order.id, state: order.state, memberId: order.memberId },
    data: { state: 'accepted', memberId, acceptedAt: at },
  })
  if (count === 0) throw new Refusal('ORDER_NOT_OPEN')
  if (order.origin === 'staff') return
  const [, month, date] = order.wantedDay.split('-').map(Number)
  const about = {
    personId: order.askedByPersonId,
    kind: 'orderTaken',
    phoneLink: `/order/asked?id=${order.id}`,
  } as const
  const words = { title: '有人来帮忙了', body: `${month} 月 ${date} 日要的帮忙，有志愿者接了。` }
  await notify(tx, [{ ...about, ...words, key: `order:${order.id}:taken:${at.toISOString()}` }], at)
}
