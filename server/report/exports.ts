import { durationText, hoursText, pointsText } from '../../shared/core/amounts'
import { ACCOUNT_WORDS, type AccountKind } from '../../shared/ledger/rules'
import { setAsideWords } from '../../shared/ledger/words'
import { MEMBER_KIND_WORDS, MEMBER_STATE_WORDS } from '../../shared/member/words'
import { ORDER_STATE_WORDS } from '../../shared/order/words'
import { REDEMPTION_STATE_WORDS } from '../../shared/redemption/words'
import { whyWords } from '../../shared/requirement/plan'
import type { PlanRow } from '../../shared/requirement/view'
import { can } from '../../shared/session/permissions'
import { EXCEPTIONS, type ExceptionCode } from '../../shared/visit/exceptions'
import { NATURE_WORDS, servedWords, visitStateWords } from '../../shared/visit/words'
import { type Actor, homeOf, pathsOf } from '../core/actor'
import { type Db, readWithin } from '../core/db'
import type { Sheet } from '../core/sheet'
import { listElders } from '../elder/list'
import { listMembers } from '../member/queries'
import { listTransactions } from '../member/transactions'
import { listOrders } from '../order/list'
import { listRedemptions } from '../redemption/queries'
import { findRegionInScope } from '../region/queries'
import { coverage } from '../requirement/coverage'
import { hoursOfHelpers } from '../requirement/helpers'
import { hoursOfVillage } from '../requirement/hours'
import type { RuleFilter } from '../requirement/lives'
import { planOf, planOfHelpers } from '../requirement/plan'
import { listVisits } from '../visit/list'
import { type Asked, allOf, categoriesOf, momentOf, sheetOf, titled } from './sheets'

export function eldersSheet({
  db,
  keys,
  actor,
  query,
  at,
}: Asked<Omit<Parameters<typeof listElders>[3], 'limit' | 'cursor'>>): Sheet {
  const items = allOf((page) =>
    readWithin(db, pathsOf(actor, can('elder.read')), (reader) =>
      listElders(reader, keys, actor, { ...query, ...page }, at),
    ),
  )
  return sheetOf(
    '老人名单',
    titled('村（社区）', '姓名', '年龄', '类别', '本月已访', '上次', '有门牌', '有手机'),
    items,
    (one) => [
      one.regionName,
      one.maskedName,
      one.age,
      categoriesOf(one.categories),
      one.visitedThisMonth === null ? '不要求' : one.visitedThisMonth ? '是' : '否',
      one.lastVisitDay,
      one.hasPlate ? '是' : '否',
      one.ownPhone ? '是' : '否',
    ],
  )
}

export function membersSheet({
  db,
  keys,
  actor,
  query,
  at,
}: Asked<Omit<Parameters<typeof listMembers>[3], 'limit' | 'cursor'>>): Sheet {
  const items = allOf((page) => listMembers(db, keys, actor, { ...query, ...page }, at))
  return sheetOf(
    '志愿者名单',
    titled('村（社区）', '姓名', '身份', '状态', '登记日', '本月次数', '本月小时'),
    items,
    (one) => [
      one.regionName,
      one.maskedName,
      MEMBER_KIND_WORDS[one.kind] ?? one.kind,
      MEMBER_STATE_WORDS[one.state] ?? one.state,
      one.joinedDay,
      one.monthVisits,
      hoursText(one.monthSeconds),
    ],
  )
}

export function visitsSheet({
  db,
  keys,
  actor,
  query,
  at,
}: Asked<Omit<Parameters<typeof listVisits>[3], 'limit' | 'cursor'>>): Sheet {
  const items = allOf((page) =>
    readWithin(db, pathsOf(actor, can('visit.read')), (reader) =>
      listVisits(reader, keys, actor, { ...query, ...page }, at),
    ),
  )
  const columns = titled(
    '编号',
    '村（社区）',
    '志愿者',
    '老人',
    '服务',
    '性质',
    '开始',
    '结束',
    '时长',
    '计入',
    '证据',
    '状态',
    '异常',
    '积分',
  )
  return sheetOf('服务记录', columns, items, (one) => [
    one.number,
    one.regionName,
    one.memberName,
    servedWords(one),
    one.serviceName,
    NATURE_WORDS[one.nature],
    momentOf(one.checkInAt),
    one.checkOutAt === null || one.checkOutAt === undefined ? '' : momentOf(one.checkOutAt),
    one.servedSeconds === null ? '' : durationText(one.servedSeconds),
    one.counted ? '是' : '否',
    one.level === null ? '' : `L${one.level}`,
    visitStateWords(one),
    one.exceptions.map(({ code }) => `${code} ${EXCEPTIONS[code as ExceptionCode]?.staff ?? ''}`).join('；'),
    one.awardedMilliPoints === null ? '' : pointsText(one.awardedMilliPoints),
  ])
}

export function ordersSheet({
  db,
  keys,
  actor,
  query,
  at,
}: Asked<Omit<Parameters<typeof listOrders>[3], 'limit' | 'cursor'>>): Sheet {
  const items = allOf((page) =>
    readWithin(db, pathsOf(actor, can('order.read')), (reader) =>
      listOrders(reader, keys, actor, { ...query, ...page }, at),
    ),
  )
  return sheetOf(
    '需求单',
    titled('提出时间', '村（社区）', '老人', '服务', '要的日子', '状态', '志愿者'),
    items,
    (one) => [
      momentOf(one.createdAt),
      one.regionName,
      one.elderName,
      one.serviceName,
      one.wantedDay,
      ORDER_STATE_WORDS[one.state] ?? one.state,
      one.memberName,
    ],
  )
}

export function redemptionsSheet({
  db,
  keys,
  actor,
  query,
}: Asked<Omit<Parameters<typeof listRedemptions>[3], 'limit' | 'cursor'>>): Sheet {
  const items = allOf((page) => listRedemptions(db, keys, actor, { ...query, ...page }))
  return sheetOf('兑换记录', titled('时间', '兑换点', '商品', '积分', '状态', '姓名', '处理时间'), items, (one) => [
    momentOf(one.heldAt),
    one.pointName,
    one.productName,
    pointsText(one.priceMilliPoints),
    REDEMPTION_STATE_WORDS[one.state] ?? one.state,
    one.personMaskedName,
    one.resolvedAt === null ? '' : momentOf(one.resolvedAt),
  ])
}

export function transactionsSheet({
  db,
  keys,
  actor,
  query,
}: Asked<Omit<Parameters<typeof listTransactions>[3], 'limit' | 'cursor'>>): Sheet {
  const items = allOf((page) => listTransactions(db, keys, actor, { ...query, ...page }))
  return sheetOf('积分流水', titled('记账时间', '发生时间', '种类', '算法', '账户', '积分', '编号'), items, (one) => {
    const entries = one.entries.map(
      (entry) =>
        `${entry.ownerName ?? ACCOUNT_WORDS[entry.accountKind as AccountKind]} ${pointsText(entry.amountMilliPoints)}`,
    )
    if (one.setAside !== null)
      entries.push(`${one.setAside.ownerName ?? ''} ${setAsideWords(one.setAside.milliPoints)}`)
    const moved = one.entries.reduce(
      (sum, entry) => (BigInt(entry.amountMilliPoints) > 0n ? sum + BigInt(entry.amountMilliPoints) : sum),
      0n,
    )
    return [
      momentOf(one.recordedAt),
      momentOf(one.happenedAt),
      one.kindWord,
      one.formula,
      entries.join('；'),
      pointsText(moved),
      one.id,
    ]
  })
}

export async function coverageSheet({
  db,
  actor,
  query,
}: Asked<{ month: string; regionId?: string | undefined } & RuleFilter>): Promise<Sheet> {
  const region = await regionOf(db, actor, query.regionId)
  const board = await coverage(db, region, query.month, query)
  const columns = titled(
    '地方',
    '应访',
    '已访',
    '未访',
    '月探访率 %',
    '要求次数',
    '完成次数',
    '达标率 %',
    '住院',
    '外出',
    '去世',
    '迁出',
    '本人不要',
  )
  const rows = [...board.rows, board.total].map((one) => [
    one.regionName,
    one.due,
    one.visited,
    one.missing,
    one.coveragePercent,
    one.requirementsDue,
    one.requirementsMet,
    one.fulfilmentPercent,
    one.exits.hospital,
    one.exits.away,
    one.exits.died,
    one.exits.moved,
    one.exits.refused,
  ])
  return { name: `覆盖 ${query.month}`, columns, rows }
}

const LEVEL_TITLES = ['L0 小时', 'L1 小时', 'L2 小时', 'L3 小时', 'L4 小时']

export async function hoursSheet({
  db,
  keys,
  actor,
  query,
}: Asked<{ month: string; regionId: string }>): Promise<Sheet> {
  const region = await findRegionInScope(db, actor, can('report.read'), query.regionId)
  const { rows } = await hoursOfVillage(db, keys, region, query.month)
  const columns = titled(
    '姓名',
    '类别',
    '要求',
    '要求次数',
    '做了次数',
    '有效次数',
    '还差',
    '超出',
    '有效小时',
    '志愿小时',
    '互助小时',
    '岗位小时',
    ...LEVEL_TITLES,
    '谁去的',
    '退回次数',
    '退回小时',
    '待审次数',
  )
  return {
    name: `时长与要求 ${query.month}`,
    columns,
    rows: rows.map((one) => [
      one.maskedName,
      categoriesOf(one.categories),
      one.requirement,
      one.requiredVisits,
      one.doneVisits,
      one.validVisits,
      one.missingVisits,
      one.overServed,
      hoursText(one.validSeconds),
      hoursText(one.byNature.volunteer),
      hoursText(one.byNature.mutualAid),
      hoursText(one.byNature.dutyPaid),
      ...one.byLevel.map(hoursText),
      one.helpers.map((helper) => `${helper.maskedName} ${hoursText(helper.seconds)}`).join('、'),
      one.returnedVisits,
      hoursText(one.returnedSeconds),
      one.waitingVisits,
    ]),
  }
}

export async function helperHoursSheet({
  db,
  keys,
  actor,
  query,
}: Asked<{ month: string; regionId: string }>): Promise<Sheet> {
  const region = await findRegionInScope(db, actor, can('report.read'), query.regionId)
  const { rows } = await hoursOfHelpers(db, keys, region, query.month)
  const columns = titled(
    ...['志愿者', '村（社区）', '有效次数', '有效小时', '志愿小时', '互助小时', '岗位小时', ...LEVEL_TITLES],
    ...['异常', '退回次数', '手工占比 %', '一位老人最多占 %', '老人数'],
  )
  return {
    name: `志愿者时长 ${query.month}`,
    columns,
    rows: rows.map((one) => [
      ...[one.maskedName, one.regionName, one.visits, hoursText(one.validSeconds)],
      ...[one.byNature.volunteer, one.byNature.mutualAid, one.byNature.dutyPaid, ...one.byLevel].map(hoursText),
      ...[one.exceptions, one.returnedVisits, one.manualPercent, one.topPairPercent, one.elders],
    ]),
  }
}

type PlanAsked = Asked<{ regionId?: string | undefined }>

const PLAN_TITLES = ['老人', '村（社区）', '要求', '最晚', '超期（天）', '上次', '已约在']
const planCells = (one: PlanRow) => [
  ...[one.maskedName, one.regionName, one.requirement, one.dueAt === null ? one.dueTo : momentOf(one.dueAt)],
  ...[one.overdueDays, one.lastVisitDay, one.taken?.wantedDay ?? (one.ordered ? '等人接' : '')],
]
const whyCell = ({ taken, helper }: PlanRow) => (taken === null ? (helper === null ? '' : whyWords(helper)) : '已接单')

/** Due list: who is owed a visit and until when, and whom to send. */
export async function planSheet({ db, keys, actor, query, at }: PlanAsked): Promise<Sheet> {
  const { today, rows } = await planOf(db, keys, await regionOf(db, actor, query.regionId), at)
  return {
    name: `探访安排 ${today}`,
    columns: titled(...PLAN_TITLES, '派谁去', '为什么'),
    rows: rows.map((one) => [
      ...planCells(one),
      one.taken?.maskedName ?? (one.ordered ? null : (one.helper?.maskedName ?? '没有合适的人')),
      whyCell(one),
    ]),
  }
}

/** The same by helper, with whoever has nothing to do; whom nobody goes to comes last. */
export async function helperPlanSheet({ db, keys, actor, query, at }: PlanAsked): Promise<Sheet> {
  const { today, rows, left } = await planOfHelpers(db, keys, await regionOf(db, actor, query.regionId), at)
  const columns = titled('志愿者', '志愿者的村（社区）', '已接单', ...PLAN_TITLES, '为什么')
  const own = rows.flatMap(({ maskedName, regionName, tasks, visits }) => {
    const who = [maskedName, regionName, tasks]
    if (visits.length === 0) return [[...who, ...columns.slice(who.length).map(() => null)]]
    return visits.map((one) => [...who, ...planCells(one), whyCell(one)])
  })
  const nobody = left.map((one) => ['没有人去', null, null, ...planCells(one), ''])
  return { name: `各人的探访 ${today}`, columns, rows: [...own, ...nobody] }
}

/** The region asked for, or the widest one of the actor. */
export async function regionOf(db: Db, actor: Actor, regionId: string | undefined) {
  return findRegionInScope(db, actor, can('report.read'), regionId ?? homeOf(actor, can('report.read')))
}
