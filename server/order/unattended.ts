import { addSeconds } from '../../shared/core/time'
import { can } from '../../shared/session/permissions'
import type { Db } from '../core/db'
import { type Notice, notify } from '../notice/notify'
import { nearestStaff } from '../notice/staff'

const LOOKED_BACK_SECONDS = 86_400
const AT_ONCE = 200

/** Tells the nearest staff of orders that nobody took in time, once each time that comes about. Answers how many it told. */
export async function tellUnattended(db: Db, at: Date): Promise<number> {
  const orders = await db.order.findMany({
    where: { state: 'open', staffFrom: { gt: addSeconds(at, -LOOKED_BACK_SECONDS), lte: at } },
    orderBy: { staffFrom: 'desc' },
    take: AT_ONCE,
  })
  const notices: Notice[] = []
  for (const { id, regionPath, staffFrom, wantedDay } of orders) {
    const [, month, date] = wantedDay.split('-').map(Number)
    for (const personId of await nearestStaff(db, can('order.keep'), regionPath, at))
      notices.push({
        ...{ personId, kind: 'orderUnattended', title: '有需求没有人接' },
        body: `${month} 月 ${date} 日要人帮忙，还没有志愿者接单，请找人，或照规则请市场服务。`,
        ...{ phoneLink: `/order/apart/desk?id=${id}`, deskLink: '/orders?unattended=1' },
        key: `unattended:${id}:${staffFrom.toISOString()}:${personId}`,
      })
  }
  return (await db.$transaction((tx) => notify(tx, notices, at))).length
}
