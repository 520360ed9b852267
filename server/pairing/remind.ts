import { dayOf } from '../../shared/core/time'
import { can } from '../../shared/session/permissions'
import type { Db } from '../core/db'
import { notify } from '../notice/notify'
import { nearestStaff } from '../notice/staff'
import { agreeByOf } from './list'

/** A pair that wasn't agreed in writing in time: the nearest desk and the helper are told, once. */
export async function remindAgreements(db: Db, at: Date): Promise<number> {
  const today = dayOf(at)
  const pairs = await db.pairing.findMany({
    where: { endedDay: null, agreedDay: null, remindedAt: null, sinceDay: { lte: today } },
    orderBy: [{ sinceDay: 'asc' }, { id: 'asc' }],
    take: PAIRS_MOST,
  })
  let told = 0
  for (const pair of pairs) {
    if ((await agreeByOf(db, pair, today)) > today) continue
    const staff = await nearestStaff(db, can('elder.keep'), pair.regionPath, at)
    const member = await db.member.findUniqueOrThrow({ where: { id: pair.memberId } })
    const isTold = await db.$transaction(async (tx) => {
      const { count } = await tx.pairing.updateMany({
        where: { id: pair.id, remindedAt: null, agreedDay: null, endedDay: null },
        data: { remindedAt: at },
      })
      if (count === 0) return false
      const about = { kind: 'agreementDue' as const, title: '结对还没签协议' }
      await notify(
        tx,
        [
          ...staff.map((personId) => ({
            ...{ ...about, personId, key: `agreementDue|${pair.id}|${personId}` },
            body: '有一对结对到时间还没签书面协议，请找他们签好，再登记。',
            deskLink: '/pairings?state=unagreed',
          })),
          {
            ...{ ...about, personId: member.personId, key: `agreementDue|${pair.id}|${member.personId}` },
            body: '您和老人结对，还没签书面协议，请到村里签一下。',
            phoneLink: '/elder/apart/paired',
          },
        ],
        at,
      )
      return true
    })
    told += isTold ? 1 : 0
  }
  return told
}
const PAIRS_MOST = 2000
