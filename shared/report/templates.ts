// What a report says, as data: the figures with their definitions, and which of them stand in which report.
import { hoursText, percentText, pointsText, yuanText } from '../core/amounts'
import { firstDayOf, isMonth, lastDayOf, type Month, nextMonth } from '../core/time'

export const REPORT_KINDS = ['month', 'quarter', 'midTerm', 'year'] as const
export type ReportKind = (typeof REPORT_KINDS)[number]

/** What is counted village by village and month by month; sums of it are true of a town, a county, a year. */
type FactSpec = {
  label: string
  definition: string
  as: 'count' | 'seconds' | 'milliPoints' | 'fen'
  unit: string
  /** a state at the month's end: of several months the last one counts */
  stock?: true
}
export const FACTS = {
  due: {
    label: '应访',
    unit: '人',
    as: 'count',
    definition: '当月有探访要求的老人，去世、迁出、住院、外出、不要的另列',
  },
  visited: { label: '已访', unit: '人', as: 'count', definition: '应访老人里至少有 1 次计入的探访的' },
  requirementsDue: { label: '要求次数', unit: '次', as: 'count', definition: '按每条探访要求的周期算出的次数' },
  requirementsMet: { label: '完成次数', unit: '次', as: 'count', definition: '周期内有一次合要求的探访' },
  hospital: { label: '住院', unit: '人', as: 'count', definition: '月末在住院，不算应访' },
  away: { label: '外出', unit: '人', as: 'count', definition: '月末在外，不算应访' },
  died: { label: '去世', unit: '人', as: 'count', definition: '当月去世，不算应访' },
  moved: { label: '迁出', unit: '人', as: 'count', definition: '当月迁出，不算应访' },
  refused: { label: '本人不要', unit: '人', as: 'count', definition: '月末本人不要探访，不算应访' },
  unserved: {
    label: '无人服务的村',
    unit: '个',
    as: 'count',
    stock: true,
    definition: '有应访老人、当月却没有一次计入的服务的村（社区）',
  },
  visits: { label: '服务次数', unit: '次', as: 'count', definition: '当月开始并计入的服务' },
  seconds: { label: '服务时间', unit: '小时', as: 'seconds', definition: '计入的服务时间，不足 0.1 小时舍去' },
  volunteerSeconds: { label: '志愿服务', unit: '小时', as: 'seconds', definition: '计入的、性质为志愿服务的时间' },
  mutualAidSeconds: { label: '邻里互助', unit: '小时', as: 'seconds', definition: '计入的、性质为邻里互助的时间' },
  dutyPaidSeconds: { label: '岗位服务', unit: '小时', as: 'seconds', definition: '计入的、性质为岗位服务的时间' },
  remoteVisits: { label: '电话视频', unit: '次', as: 'count', definition: '计入的服务里电话和视频的次数' },
  manualVisits: { label: '人工补录', unit: '次', as: 'count', definition: '计入的服务里证据等级为 L0 的次数' },
  returnedVisits: { label: '退回', unit: '次', as: 'count', definition: '当月开始、审核退回的服务' },
  redVisits: { label: '红色异常', unit: '次', as: 'count', definition: '当月开始、还带红色异常的服务' },
  orders: { label: '需求单', unit: '个', as: 'count', definition: '当月提出的需求' },
  ordersDone: { label: '办好的需求', unit: '个', as: 'count', definition: '当月办好的需求' },
  awardedMilliPoints: {
    label: '发出积分',
    unit: '分',
    as: 'milliPoints',
    definition: '当月开始的服务记下的积分，冲正的已减',
  },
  redeemedMilliPoints: { label: '兑换积分', unit: '分', as: 'milliPoints', definition: '当月领走的兑换' },
  redeemedFen: { label: '兑换成本', unit: '元', as: 'fen', definition: '当月领走的兑换花的钱' },
  elders: { label: '在册老人', unit: '人', as: 'count', stock: true, definition: '月末在册的服务对象，按当天的住处' },
  members: { label: '在册志愿者', unit: '人', as: 'count', stock: true, definition: '月末在册的志愿者和互助员' },
} as const satisfies Record<string, FactSpec>
export type FactKey = keyof typeof FACTS
export const FACT_KEYS = Object.keys(FACTS) as FactKey[]
/** Of one place; everything is a whole number. */
export type Facts = Record<FactKey, bigint>

/** Shares of two facts, always rounded down to 0.1. */
export const RATES = {
  coverage: { label: '月探访率', of: ['visited', 'due'], definition: '已访 ÷ 应访，只舍不入；几个月的按人月算' },
  fulfilment: {
    label: '达标率',
    of: ['requirementsMet', 'requirementsDue'],
    definition: '完成次数 ÷ 要求次数，只舍不入',
  },
  manualShare: { label: '人工补录占比', of: ['manualVisits', 'visits'], definition: '人工补录 ÷ 服务次数，只舍不入' },
} as const satisfies Record<string, { label: string; of: readonly [FactKey, FactKey]; definition: string }>
export type RateKey = keyof typeof RATES
export type FigureKey = FactKey | RateKey

type Template = {
  /** which edition of this template: it stands in every report made of it */
  edition: string
  title: string
  sections: readonly { title: string; figures: readonly FigureKey[] }[]
  /** of each place below */
  columns: readonly FigureKey[]
  /** of each month; none in a report of one month */
  months: readonly FigureKey[]
}

const EXITS = ['hospital', 'away', 'died', 'moved', 'refused'] as const
const COVERAGE = ['due', 'visited', 'coverage', 'requirementsDue', 'requirementsMet', 'fulfilment'] as const
const WORK = ['visits', 'seconds', 'volunteerSeconds', 'mutualAidSeconds', 'dutyPaidSeconds', 'remoteVisits'] as const
const QUALITY = ['manualVisits', 'manualShare', 'returnedVisits', 'redVisits'] as const
const POINTS = ['awardedMilliPoints', 'redeemedMilliPoints', 'redeemedFen'] as const

export const TEMPLATES: Record<ReportKind, Template> = {
  month: {
    edition: '1',
    title: '月调度表',
    sections: [
      { title: '探访', figures: [...COVERAGE, 'unserved', ...EXITS] },
      { title: '服务', figures: WORK },
      { title: '核实', figures: QUALITY },
      { title: '需求', figures: ['orders', 'ordersDone'] },
      { title: '积分', figures: POINTS },
      { title: '在册', figures: ['elders', 'members'] },
    ],
    columns: [...COVERAGE, 'visits', 'seconds', 'manualShare', 'orders', 'ordersDone'],
    months: [],
  },
  quarter: {
    edition: '1',
    title: '季评估表',
    sections: [
      { title: '探访（三个月合计，人月）', figures: [...COVERAGE, 'unserved', ...EXITS] },
      { title: '服务', figures: WORK },
      { title: '核实', figures: QUALITY },
      { title: '需求', figures: ['orders', 'ordersDone'] },
      { title: '积分和资金', figures: POINTS },
      { title: '季末在册', figures: ['elders', 'members'] },
    ],
    columns: [...COVERAGE, 'unserved', 'visits', 'seconds', 'manualShare', 'returnedVisits'],
    months: [...COVERAGE, 'visits', 'seconds', 'manualShare'],
  },
  midTerm: {
    edition: '2',
    title: '中期评估表',
    sections: [
      { title: '探访（六个月合计，人月）', figures: [...COVERAGE, 'unserved', ...EXITS] },
      { title: '服务', figures: WORK },
      { title: '核实', figures: QUALITY },
      { title: '积分和资金', figures: POINTS },
      { title: '期末在册', figures: ['elders', 'members'] },
    ],
    columns: [...COVERAGE, 'unserved', 'visits', 'seconds', 'elders', 'members'],
    months: [...COVERAGE, 'visits', 'seconds', 'elders', 'members'],
  },
  year: {
    edition: '1',
    title: '年考核表',
    sections: [
      { title: '探访（全年合计，人月）', figures: [...COVERAGE, 'unserved', ...EXITS] },
      { title: '服务', figures: WORK },
      { title: '核实', figures: QUALITY },
      { title: '需求', figures: ['orders', 'ordersDone'] },
      { title: '积分和资金', figures: POINTS },
      { title: '年末在册', figures: ['elders', 'members'] },
    ],
    columns: [...COVERAGE, 'visits', 'seconds', 'manualShare', 'redeemedFen', 'elders', 'members'],
    months: [...COVERAGE, 'visits', 'seconds', 'manualShare', 'elders', 'members'],
  },
}

/** The months of a period, or null for what is none: 2026-10, 2026-Q3, 2026-H1, 2026. */
export function monthsOf(kind: ReportKind, period: string): Month[] | null {
  if (kind === 'month') return isMonth(period) ? [period] : null
  const shape = { quarter: /^(\d{4})-Q([1-4])$/, midTerm: /^(\d{4})-H(1)$/, year: /^(\d{4})$/ }[kind]
  const [, year, part = '1'] = shape.exec(period) ?? []
  if (year === undefined || !isMonth(`${year}-01`)) return null
  const length = { quarter: 3, midTerm: 6, year: 12 }[kind]
  const first = nextMonth(`${year}-01`, (Number(part) - 1) * length)
  return Array.from({ length }, (_, place) => nextMonth(first, place))
}

/** "2026 年 10 月", "2026 年第三季度", "2026 年上半年", "2026 年" */
export function periodWords(kind: ReportKind, period: string): string {
  const year = `${period.slice(0, 4)} 年`
  if (kind === 'month') return `${year} ${Number(period.slice(5))} 月`
  if (kind === 'quarter') return `${year}第${'一二三四'[Number(period.slice(6)) - 1]}季度`
  return kind === 'midTerm' ? `${year}上半年` : year
}

export function spanOf(months: readonly Month[]): { from: string; to: string } {
  return { from: firstDayOf(months[0] ?? ''), to: lastDayOf(months.at(-1) ?? '') }
}

export const isRate = (key: FigureKey): key is RateKey => key in RATES

export function figureSpec(key: FigureKey): { label: string; unit: string; definition: string } {
  if (!isRate(key)) return FACTS[key]
  return { label: RATES[key].label, unit: '%', definition: RATES[key].definition }
}

/** What people read of a figure; '—' where there is nothing to divide by. */
export function figureText(facts: Facts, key: FigureKey): string {
  if (isRate(key)) {
    const [part, whole] = RATES[key].of
    return percentText(Number(facts[part]), Number(facts[whole])) ?? '—'
  }
  const value = facts[key]
  const { as } = FACTS[key]
  if (as === 'seconds') return hoursText(Number(value))
  if (as === 'milliPoints') return pointsText(value)
  return as === 'fen' ? yuanText(value) : value.toString()
}

export function noFacts(): Facts {
  return Object.fromEntries(FACT_KEYS.map((key) => [key, 0n])) as Facts
}

/** Places side by side. */
export function plusFacts(a: Facts, b: Facts): Facts {
  return Object.fromEntries(FACT_KEYS.map((key) => [key, a[key] + b[key]])) as Facts
}

/** Months one after the other: states at a month's end are those of the later one. */
export function thenFacts(earlier: Facts, later: Facts): Facts {
  return Object.fromEntries(
    FACT_KEYS.map((key) => [key, 'stock' in FACTS[key] ? later[key] : earlier[key] + later[key]]),
  ) as Facts
}
