import { hoursText, percentText } from '../../shared/core/amounts'
import { addDays, type Day, dayOf, firstDayOf, lastDayOf, type Month, startOfDay } from '../../shared/core/time'
import type { Dashboard } from '../../shared/report/view'
import { percentOf } from '../anomaly/share'
import { countQueue } from '../audit/queries'
import type { Actor } from '../core/actor'
import { type Db, type Prisma, underPath } from '../core/db'
import { coverage } from '../requirement/coverage'
import { findAwarded } from './awarded'
import { regionOf } from './exports'

/** 工作台: what waits and how the month stands; every number says what it means and leads to its rows. */
export async function findDashboard(
  db: Db,
  actor: Actor,
  query: { regionId?: string | undefined; month?: string | undefined },
  at: Date,
): Promise<Dashboard> {
  const region = await regionOf(db, actor, query.regionId)
  const month = query.month ?? dayOf(at).slice(0, 7)
  const regionPath = underPath(region.path)
  const [board, queue, unanswered, unattended, days, elders, members, points, ended, manual] = await Promise.all([
    coverage(db, region, month),
    countQueue(db, actor, { regionId: region.id }),
    db.visit.count({ where: { regionPath, state: 'finished' } }),
    db.order.count({ where: { regionPath, state: 'open', staffFrom: { lte: at } } }),
    daysOf(db, regionPath, month, dayOf(at)),
    db.elder.count({ where: { regionPath, endedDay: null } }),
    db.member.count({ where: { regionPath, state: 'active' } }),
    findAwarded(db, region.path, { from: startOfDay(firstDayOf(month)), to: startOfDay(addDays(lastDayOf(month), 1)) }),
    db.visit.count({ where: { regionPath, month, state: { not: 'inProgress' } } }),
    db.visit.count({ where: { regionPath, month, state: { not: 'inProgress' }, level: 0 } }),
  ])
  const { due, visited, missing, requirementsDue, requirementsMet } = board.total
  const seconds = days.reduce((sum, one) => sum + one.seconds, 0)
  const where = `regionId=${region.id}`
  return {
    month,
    regionName: region.name,
    tiles: [
      {
        key: 'missing',
        label: '本月还没去看的',
        value: String(missing),
        unit: '人',
        definition: '要求探访、这个月还没有一次计入的探访',
        link: `/admin/coverage?${where}&month=${month}`,
        bad: missing > 0,
      },
      {
        key: 'coverage',
        label: '月探访率',
        value: percentText(visited, due) ?? '—',
        unit: '%',
        definition: board.definition.coverage,
        link: `/admin/coverage?${where}&month=${month}`,
        bad: visited < due,
      },
      {
        key: 'fulfilment',
        label: '达标率',
        value: percentText(requirementsMet, requirementsDue) ?? '—',
        unit: '%',
        definition: board.definition.fulfilment,
        link: `/admin/hours?${where}&month=${month}`,
        bad: false,
      },
      {
        key: 'waiting',
        label: '等审核',
        value: String(queue.waiting),
        unit: '条',
        definition: '老人确认过或一直没回应的服务',
        link: `/admin/audit?${where}&tab=waiting`,
        bad: false,
      },
      {
        key: 'red',
        label: '红色异常',
        value: String(queue.red),
        unit: '条',
        definition: '要单独核实才能通过',
        link: `/admin/audit?${where}&tab=red`,
        bad: queue.red > 0,
      },
      {
        key: 'appeals',
        label: '等处理的申诉',
        value: String(queue.appeals),
        unit: '件',
        definition: '退回后志愿者不同意，由另一位审核员看',
        link: `/admin/appeals?${where}`,
        bad: false,
      },
      {
        key: 'unanswered',
        label: '等老人确认',
        value: String(unanswered),
        unit: '条',
        definition: '服务结束了，老人还没有答',
        link: `/admin/visits?${where}&state=finished`,
        bad: false,
      },
      {
        key: 'unattended',
        label: '没人接的需求',
        value: String(unattended),
        unit: '个',
        definition: '过了时限还没有志愿者接',
        link: `/admin/orders?${where}&unattended=1`,
        bad: unattended > 0,
      },
      {
        key: 'hours',
        label: '本月服务',
        value: hoursText(seconds),
        unit: '小时',
        definition: '本月计入的服务时间',
        link: `/admin/visits?${where}&from=${firstDayOf(month)}&to=${lastDayOf(month)}`,
        bad: false,
      },
      {
        key: 'manual',
        label: '手工占比',
        value: percentOf(manual, ended),
        unit: '%',
        definition: `本月 ${ended} 次服务里，补录的 ${manual} 次；按村、按站点、按录入人看`,
        link: `/admin/manual-share?${where}&month=${month}`,
        bad: false,
      },
      {
        key: 'elders',
        label: '老人',
        value: String(elders),
        unit: '人',
        definition: '在册的服务对象',
        link: `/admin/elders?${where}`,
        bad: false,
      },
      {
        key: 'members',
        label: '志愿者',
        value: String(members),
        unit: '人',
        definition: '在册的志愿者和互助员',
        link: `/admin/members?${where}`,
        bad: false,
      },
    ],
    days,
    issuedMilliPoints: points.issued.toString(),
    redeemedMilliPoints: points.redeemed.toString(),
  }
}

/** Counted visits and their seconds, day by day of the month, up to today: of tomorrow there is nothing, not even a zero. */
async function daysOf(db: Db, regionPath: Prisma.StringFilter, month: Month, today: Day): Promise<Dashboard['days']> {
  const groups = await db.visit.groupBy({
    by: ['day'],
    where: { regionPath, month, counted: true },
    _count: true,
    _sum: { servedSeconds: true },
  })
  const byDay = new Map(groups.map((one) => [one.day, one]))
  const days: Dashboard['days'] = []
  const last = lastDayOf(month) < today ? lastDayOf(month) : today
  for (let day = firstDayOf(month); day <= last; day = addDays(day, 1))
    days.push({ day, visits: byDay.get(day)?._count ?? 0, seconds: byDay.get(day)?._sum.servedSeconds ?? 0 })
  return days
}
