import { Refusal, refuse } from '../../shared/core/refusals'
import { dayOf, startOfDay } from '../../shared/core/time'
import { type OrderState, staffFromOf, whyNotNoShow } from '../../shared/order/rules'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope } from '../core/actor'
import type { Db, Tx } from '../core/db'
import { logOperation } from '../core/operation-log'
import { proposeFine } from '../member/fine'
import { settingsAt } from '../region/settings'
import { schemeOn } from '../scheme/queries'
import { noteOrder, type OrderRow } from './find'

/**
 * 失约: staff found out that the helper who had taken an order didn't come. It is open to all again; what the rules of the
 * place take for it is asked for, and after so many in a year the helper is suspended.
 *
 * @throws Refusal NOT_FOUND, ORDER_NOT_TAKEN, ORDER_CLOSED, DATE_IN_FUTURE, NOT_ALLOWED for one's own
 */
export async function recordNoShow(db: Db, actor: Actor, orderId: string, at: Date): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const order = await tx.order.findFirst({ where: { id: orderId, ...inScope(actor, can('order.keep')) } })
    if (order === null) throw new Refusal('NOT_FOUND')
    const today = dayOf(at)
    refuse(whyNotNoShow({ ...order, state: order.state as OrderState }, today))
    const member = await tx.member.findUniqueOrThrow({ where: { id: order.memberId ?? '' } })
    if (member.personId === actor.personId) throw new Refusal('NOT_ALLOWED')
    const { orderStaffHours } = await settingsAt(tx, order.regionPath, today)
    const { count } = await tx.order.updateMany({
      where: { id: orderId, state: 'accepted', memberId: member.id },
      data: { state: 'open', memberId: null, acceptedAt: null, staffFrom: staffFromOf(order, at, orderStaffHours) },
    })
    if (count === 0) throw new Refusal('CHANGED_MEANWHILE')
    await noteOrder(tx, actor, order, { kind: 'noShow', memberId: member.id }, at)
    await applyRules(tx, actor, order, member, at)
    return { id: orderId }
  })
}

type Member = { id: string; personId: string; regionPath: string; state: string }

async function applyRules(tx: Tx, actor: Actor, order: OrderRow, member: Member, at: Date): Promise<void> {
  const today = dayOf(at)
  const scheme = await schemeOn(tx, order.regionPath, today)
  const penalties = scheme?.document.penalties
  if (scheme === null || penalties === undefined) return
  const times = await tx.orderEvent.count({
    where: { kind: 'noShow', memberId: member.id, at: { gte: startOfDay(`${today.slice(0, 4)}-01-01`) } },
  })
  if (penalties.noShowMilliPoints !== undefined)
    await proposeFine(
      tx,
      {
        ...{ about: `noShow ${order.id} ${at.toISOString()}`, personId: member.personId },
        ...{ programmeId: scheme.programmeId, regionPath: order.regionPath, milliPoints: penalties.noShowMilliPoints },
        ...{ reason: `今年第 ${times} 次失约，照积分规则扣`, askedById: actor.personId },
      },
      at,
    )
  if (times < (penalties.noShowsPerYearMax ?? Number.MAX_SAFE_INTEGER) || member.state !== 'active') return
  await tx.member.updateMany({ where: { id: member.id, state: 'active' }, data: { state: 'suspended' } })
  const about = { action: 'state', resource: 'member', resourceId: member.id, regionPath: member.regionPath }
  await logOperation(tx, actor, { ...about, at, before: { state: 'active' }, after: { state: 'suspended' } })
}
