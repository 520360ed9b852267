import type { RefusalCode } from '../../shared/core/refusals'
import { type Day, dayOf, firstDayOf, startOfDay } from '../../shared/core/time'
import type { RedemptionKind, Relation } from '../../shared/scheme/document'
import { whyNotRedeem } from '../../shared/scheme/gates'
import type { Reader, Tx } from '../core/db'
import { recordsOf } from '../person/former'
import { schemeOn } from '../scheme/queries'
import type { Holder } from './policy'

/** How far below zero the rules of a place let somebody go to be served, in milli-points. */
export async function overdraftOf(db: Reader, regionPath: string, at: Date): Promise<bigint> {
  const scheme = await schemeOn(db, regionPath, dayOf(at))
  return BigInt(scheme?.document.overdraftMilliPoints ?? 0)
}

/** What somebody wants, for whom, and what that one is to who pays. */
type Wanted = {
  /** of the redemption or the order: it doesn't count against itself */
  id: string
  programmeId: string
  kind: string
  beneficiary?: { personId: string; relation: Relation } | undefined
}

/**
 * Why the rules of the holder's place don't let anything be redeemed now, or null. Asked after the points are held: the
 * account is locked then, so of two who redeem at once the second counts the first.
 */
export async function whyNotByScheme(
  tx: Tx,
  holder: Pick<Holder, 'personId' | 'regionPath'>,
  ask: Wanted,
  at: Date,
): Promise<RefusalCode | null> {
  const day = dayOf(at)
  const scheme = await schemeOn(tx, holder.regionPath, day)
  if (scheme?.document.redeem === undefined) return null
  const { personId: forPersonId, relation } = ask.beneficiary ?? { personId: holder.personId, relation: 'self' }
  const person = await tx.person.findUniqueOrThrow({ where: { id: forPersonId }, select: { birthDate: true } })
  const served = await tx.visit.aggregate({
    where: { memberPersonId: { in: await recordsOf(tx, holder.personId) }, counted: true },
    _sum: { servedSeconds: true },
  })
  const usedSince = async (from: Day) => {
    const since = { programmeId: ask.programmeId, heldAt: { gte: startOfDay(from) } }
    const redeemed = await tx.redemption.count({
      where: {
        ...since,
        personId: holder.personId,
        id: { not: ask.id },
        state: { in: ['held', 'fulfilled'] },
        // a meal of every day by card is no use of the quarter's one time
        mealDay: null,
      },
    })
    const helped = await tx.orderPayment.count({
      where: { ...since, payerPersonId: holder.personId, orderId: { not: ask.id }, state: { not: 'freed' } },
    })
    return redeemed + helped
  }
  const [year, month] = [day.slice(0, 4), Number(day.slice(5, 7))]
  const quarterMonth = String(month - ((month - 1) % 3)).padStart(2, '0')
  return whyNotRedeem(scheme.document, {
    kind: ask.kind as RedemptionKind,
    lifetimeSeconds: served._sum.servedSeconds ?? 0,
    relation,
    beneficiary: { birthDate: person.birthDate ?? undefined },
    used: {
      month: await usedSince(firstDayOf(day.slice(0, 7))),
      quarter: await usedSince(`${year}-${quarterMonth}-01`),
      year: await usedSince(`${year}-01-01`),
    },
    day,
  })
}
