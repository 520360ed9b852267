import { durationText, pointsText, signedPointsText, yuanText } from '../../shared/core/amounts'
import { dayOf, weekNumberOf, weeksOf } from '../../shared/core/time'
import { EXIT_WORDS } from '../../shared/elder/words'
import { FUND_SOURCE_WORDS } from '../../shared/fund/rules'
import { PRODUCT_KIND_WORDS } from '../../shared/redemption/words'
import { ACTION_WORDS, RESOURCE_WORDS, sideWords } from '../../shared/report/words'
import { can } from '../../shared/session/permissions'
import { EXCEPTIONS, type ExceptionCode } from '../../shared/visit/exceptions'
import { saidWords } from '../../shared/visit/rating'
import { RATING_WORDS } from '../../shared/visit/said'
import { NATURE_WORDS, servedWords } from '../../shared/visit/words'
import { listQueue } from '../audit/queries'
import { pathsOf } from '../core/actor'
import { readWithin } from '../core/db'
import type { Sheet } from '../core/sheet'
import { listFundLines } from '../fund/queries'
import { findAccount, listEntries } from '../member/entries'
import { listStaff } from '../member/staff'
import { listPlates } from '../plate/list'
import { listProducts } from '../redemption/queries'
import { listCoverageElders } from '../requirement/elders'
import { listRequirements } from '../requirement/manage'
import { listServices } from '../service/queries'
import { listRatings } from '../visit/ratings'
import { listOperations } from './operations'
import { type Asked, allOf, categoriesOf, momentOf, sheetOf, titled } from './sheets'

/** A list's filters, without its paging. */
type Filters<List extends (db: never, keys: never, actor: never, query: never, at: never) => unknown> = Omit<
  Parameters<List>[3],
  'limit' | 'cursor'
>

const MARK_WORDS = { met: '✓', overdue: '!', due: '●', none: '–' } as const
const PLATE_WORDS = { door: '门牌', card: '随身卡', point: '兑换点牌', bed: '床位牌', site: '站点牌' } as const

export function queueSheet({ db, keys, actor, query, at }: Asked<Filters<typeof listQueue>>): Sheet {
  const items = allOf((page) => listQueue(db, keys, actor, { ...query, ...page }, at))
  const columns = titled('编号', '村（社区）', '志愿者', '老人', '服务', '开始', '时长', '证据', '异常', '积分', '说明')
  return sheetOf('核实审核', columns, items, (one) => [
    one.number,
    one.regionName,
    one.memberName,
    servedWords(one),
    one.serviceName,
    momentOf(one.checkInAt),
    one.servedSeconds === null ? '' : durationText(one.servedSeconds),
    one.level === null ? '' : `L${one.level}`,
    one.exceptions.map(({ code }) => `${code} ${EXCEPTIONS[code as ExceptionCode]?.staff ?? ''}`).join('；'),
    pointsText(one.awardedMilliPoints ?? one.expectedMilliPoints ?? '0'),
    one.whyNotSentence,
  ])
}

export function coverageEldersSheet({ db, keys, actor, query, at }: Asked<Filters<typeof listCoverageElders>>): Sheet {
  const items = allOf((page) => listCoverageElders(db, keys, actor, { ...query, ...page }, at))
  const weeks = weeksOf(query.month).map((monday) => `${weekNumberOf(monday)} 周`)
  const rest = ['本月已访', '不计入', '从', '到', '批准', '上次', '上次是谁', '结对']
  const columns = titled('村（社区）', '姓名', '类别', '要求', '各期', ...weeks, ...rest)
  return sheetOf(`探访清单 ${query.month}`, columns, items, (one) => [
    one.regionName,
    one.maskedName,
    categoriesOf(one.categories),
    one.requirement,
    one.periods.map(({ label, mark }) => `${label} ${MARK_WORDS[mark]}`).join('　'),
    ...one.weeks.map(({ mark }) => MARK_WORDS[mark]),
    one.visitedThisMonth ? '是' : '否',
    one.exitKind === null ? '' : ((EXIT_WORDS as Record<string, string>)[one.exitKind] ?? one.exitKind),
    one.exit?.validFrom ?? '',
    one.exit?.validTo ?? '',
    one.exit?.approvedBy ?? '',
    one.lastVisitDay,
    one.lastHelperName,
    one.pairedNames.join('、'),
  ])
}

export function platesSheet({ db, keys, actor, query }: Asked<Filters<typeof listPlates>>): Sheet {
  const items = allOf((page) =>
    readWithin(db, pathsOf(actor, can('plate.read')), (reader) =>
      listPlates(reader, keys, actor, { ...query, ...page }),
    ),
  )
  return sheetOf(
    '门牌与卡',
    titled('村（社区）', '号码', '种类', '老人', '制牌', '状态', '作废', '理由'),
    items,
    (one) => [
      one.regionName,
      one.serial,
      PLATE_WORDS[one.kind],
      one.elderMaskedName,
      momentOf(one.issuedAt),
      one.revokedAt === null ? '在用' : '已作废',
      one.revokedAt === null ? '' : momentOf(one.revokedAt),
      one.revokeReason,
    ],
  )
}

export function ratingsSheet({ db, keys, actor, query }: Asked<Filters<typeof listRatings>>): Sheet {
  const items = allOf((page) =>
    readWithin(db, pathsOf(actor, can('visit.read')), (reader) =>
      listRatings(reader, keys, actor, { ...query, ...page }),
    ),
  )
  return sheetOf(
    '服务评价',
    titled('服务编号', '村（社区）', '志愿者', '老人', '谁说的', '评价', '服务日期'),
    items,
    (one) => [
      ...[one.visitNumber, one.regionName, one.memberName, one.elderName],
      ...[RATING_WORDS[one.how], saidWords(one.how, one.score), one.day],
    ],
  )
}

export function staffSheet({ db, keys, actor, query }: Asked<Filters<typeof listStaff>>): Sheet {
  const items = allOf((page) => listStaff(db, keys, actor, { ...query, ...page }))
  return sheetOf('人员岗位', titled('管哪里', '姓名', '岗位', '电话', '兑换点', '从', '到'), items, (one) => [
    one.regionName,
    one.maskedName,
    one.roleWord,
    one.maskedPhone,
    one.redemptionPointName,
    one.validFrom,
    one.validTo,
  ])
}

export function operationsSheet({ db, keys, actor, query }: Asked<Filters<typeof listOperations>>): Sheet {
  const items = allOf((page) => listOperations(db, keys, actor, { ...query, ...page }))
  const columns = titled('时间', '谁', '岗位', '做了什么', '对什么', '哪里', '用途', '改前', '改后', '编号')
  return sheetOf('操作日志', columns, items, (one) => [
    momentOf(one.at),
    one.byName,
    one.roleWord,
    ACTION_WORDS[one.action] ?? one.action,
    RESOURCE_WORDS[one.resource] ?? one.resource,
    one.regionName,
    one.purpose,
    sideWords(one.before),
    sideWords(one.after),
    one.resourceId,
  ])
}

/** The lines of one account, as on its page. */
export async function entriesSheet({ db, keys, actor, query }: Asked<{ accountId: string }>): Promise<Sheet> {
  const account = await findAccount(db, keys, actor, query.accountId)
  const items = allOf((page) => listEntries(db, account.id, page))
  return sheetOf(
    '账户明细',
    titled('发生时间', '记账时间', '事由', '种类', '算法', '积分', '余额', '编号'),
    items,
    (one) => [
      momentOf(one.happenedAt),
      momentOf(one.recordedAt),
      one.title,
      one.kindWord,
      one.formula,
      signedPointsText(one.amountMilliPoints),
      one.balanceAfterMilliPoints === null ? '' : pointsText(one.balanceAfterMilliPoints),
      one.transactionId,
    ],
  )
}

export async function productsSheet({ db, actor, at }: Asked<object>): Promise<Sheet> {
  const columns = titled('适用', '商品', '种类', '要多少分', '成本（元）', '各点还有', '保留（小时）', '状态')
  const rows = (await listProducts(db, actor, at)).map((one) => [
    one.regionName,
    one.name,
    PRODUCT_KIND_WORDS[one.kind] ?? one.kind,
    pointsText(one.priceMilliPoints),
    (one.costFen / 100).toFixed(2),
    one.stocks.map((stock) => `${stock.pointName} ${stock.left}`).join('；'),
    one.holdHours,
    one.active ? '可以换' : '停用',
  ])
  return { name: '兑换商品', columns, rows }
}

export async function fundLinesSheet({
  db,
  actor,
  query,
  at,
}: Asked<{ regionId?: string | undefined; year?: number | undefined }>): Promise<Sheet> {
  const columns = titled(
    '年度',
    '级别',
    '地方',
    '资金线',
    '来源',
    '预算（元）',
    '已支付（元）',
    '已答应（元）',
    '还剩（元）',
    '先后',
    '状态',
  )
  const rows = (await listFundLines(db, actor, query, at)).map((one) => [
    one.year,
    one.levelWord,
    one.regionName,
    one.name,
    FUND_SOURCE_WORDS[one.source] ?? one.source,
    yuanText(BigInt(one.budgetFen)),
    yuanText(BigInt(one.paidFen)),
    yuanText(BigInt(one.drawnFen) - BigInt(one.paidFen)),
    yuanText(BigInt(one.leftFen)),
    one.priority,
    one.active ? '在用' : '停用',
  ])
  return { name: '资金线', columns, rows }
}

export async function servicesSheet({ db, actor, at }: Asked<object>): Promise<Sheet> {
  const columns = titled('项目', '大约（分钟）', '谁可以做', '从（岁）', '不到（岁）', '先要培训', '要做的事', '状态')
  const rows = (await listServices(db, actor, { all: '1' }, dayOf(at))).map((one) => [
    one.name,
    Math.round(one.plannedSeconds / 60),
    one.natures.map((nature) => (NATURE_WORDS as Record<string, string>)[nature] ?? nature).join('、'),
    one.tierFromAge,
    one.tierBelowAge,
    one.trainingNeeded,
    one.tasks.join('、'),
    one.active ? '在用' : '停用',
  ])
  return { name: '服务目录', columns, rows }
}

export async function requirementsSheet({
  db,
  actor,
  query,
}: Asked<{ regionId?: string | undefined }>): Promise<Sheet> {
  const rows = (await listRequirements(db, actor, query.regionId)).map((one) => [
    one.regionName,
    one.categoryWord,
    one.sentence,
    one.validFrom,
    one.validTo,
  ])
  return { name: '探访要求', columns: titled('适用', '类别', '要求', '从', '到'), rows }
}
