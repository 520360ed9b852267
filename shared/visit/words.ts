import { pointsText } from '../core/amounts'
import { clockOf, type Day } from '../core/time'
import type { PostStep } from '../scheme/document'
import { EXCEPTIONS, type ExceptionCode, type Flag } from './exceptions'
import type { VisitState } from './view'

/** As staff say what they saw at a door. */
export const FIELD_CHECK_WORDS = { well: '都好', away: '没人在家', trouble: '有情况' } as const

/** "9:05" in Shanghai. */
export function clockWords(at: Date): string {
  const [hours = '', minutes = ''] = clockOf(at).split(':')
  return `${Number(hours)}:${minutes}`
}

export const NATURE_WORDS = { volunteer: '志愿服务', mutualAid: '邻里互助', dutyPaid: '岗位服务' } as const

/** As the desk and its exports say it. */
export const VISIT_STATE_WORDS: Record<VisitState, string> = {
  inProgress: '服务中',
  finished: '等老人确认',
  confirmed: '老人已确认',
  disputed: '老人说没来过',
  approved: '已通过',
  returned: '已退回',
}

type Detail = Record<string, unknown>

const EXIT_PHRASES: Record<string, string> = {
  hospital: '那天老人在住院',
  died: '那天老人已经去世',
  moved: '那天老人已经迁出',
}

/** An exception in one sentence: with its numbers for staff, in plain words for everybody else. */
export function exceptionSentence(code: ExceptionCode, detail: Detail, reader: 'staff' | 'helper'): string {
  if (detail.site === 'yes') return SITE_SENTENCES[code]?.[reader] ?? EXCEPTIONS[code][reader]
  return reader === 'helper' ? EXCEPTIONS[code].helper : (staffSentence(code, detail) ?? EXCEPTIONS[code].staff)
}

/** Where nobody is named it is the staff of the site who answer. */
const SITE_SENTENCES: Partial<Record<ExceptionCode, { staff: string; helper: string }>> = {
  E07: { staff: '现场工作人员说没来过', helper: '现场说没来过，社区会核实' },
  E08: { staff: '现场一直没有人确认', helper: '还在等现场工作人员确认' },
}

/** Whom or where a visit was for, in one line: a site, or those who were helped. */
export function servedWords({ siteName, elders }: { siteName: string | null; elders: readonly { name: string }[] }) {
  return siteName ?? elders.map(({ name }) => name).join('、')
}

/** As a list says it of one visit: at a site no elder is asked. */
export function visitStateWords({ state, siteName }: { state: VisitState; siteName: string | null }): string {
  return (siteName === null ? undefined : SITE_STATE_WORDS[state]) ?? VISIT_STATE_WORDS[state]
}

const SITE_STATE_WORDS: Partial<Record<VisitState, string>> = {
  finished: '等现场确认',
  confirmed: '现场已确认',
  disputed: '现场说没来过',
}

function staffSentence(code: ExceptionCode, detail: Detail): string | null {
  const number = (name: string) => Number(detail[name] ?? 0)
  switch (code) {
    case 'E01':
      return `没有按「帮完了」，满 ${number('mostMinutes')} 分钟自动结束`
    case 'E03':
      return farSentence(detail)
    case 'E04':
      return `${number('minutes')} 分钟，不足 ${number('leastMinutes')} 分钟`
    case 'E05':
      return `${number('minutes')} 分钟，超过 ${number('mostMinutes')} 分钟`
    case 'E06':
      return `这一对本月第 ${number('times')} 次，超过 ${number('mostTimes')} 次`
    case 'E09':
      return detail.kind === 'late'
        ? `晚了 ${Math.floor(number('seconds') / 3600)} 小时才上传`
        : `手机时间差 ${Math.ceil(number('seconds') / 60)} 分钟`
    case 'E10':
      return detail.plate === 'revoked' ? '用了已作废的门牌' : '扫的码不认识'
    case 'E13':
      return EXIT_PHRASES[String(detail.kind)] ?? null
    case 'E17':
      return `中途抽查 ${number('minutes')} 分钟内没有再扫门牌，${number('times')} 回`
    case 'E14':
      return `离上一家 ${kilometres(number('metres'))} 公里，只隔 ${number('minutes')} 分钟`
    default:
      return null
  }
}

function farSentence(detail: Detail): string {
  const ends = [
    ['开始', detail.inMetres],
    ['结束', detail.outMetres],
  ] as const
  const parts = ends.flatMap(([word, metres]) =>
    metres === undefined ? [] : [metres === null ? `${word}时没有位置` : `${word}时离门牌 ${Number(metres)} 米`],
  )
  return parts.join('，')
}

function kilometres(metres: number): string {
  const tenths = Math.round(metres / 100)
  return `${Math.floor(tenths / 10)}.${tenths % 10}`
}

export type PointsFacts = {
  state: VisitState
  flag: Flag
  /** at which step this evidence earns; null while in progress or without a scheme */
  postStep: PostStep | null
  expectedMilliPoints: bigint | null
  awardedMilliPoints: bigint | null
  zeroReason: string | null
  isUnsure: boolean
  isSilent: boolean
  /** the reason staff gave for returning it */
  returnedWords: string | null
  /** the first open red exception in plain words */
  redSentence: string | null
  /** nobody is named: the staff of the place answer */
  atSite: boolean
}

/** What happens with the points of a visit, and why: one sentence, for every state. */
export function pointsSentence(facts: PointsFacts): string {
  const { state, awardedMilliPoints: awarded } = facts
  if (state === 'inProgress') return '帮完以后算积分'
  if (state === 'returned')
    return facts.returnedWords === null ? '社区没有通过，不记分' : `社区没有通过：${facts.returnedWords}`
  if (awarded !== null && awarded > 0n) return `已到账 ${pointsText(awarded)} 分`
  if (state === 'disputed') return `${facts.atSite ? '现场工作人员' : '老人'}说没来过，等社区核实`
  if (awarded === 0n || facts.postStep === null || facts.expectedMilliPoints === 0n)
    return facts.zeroReason ?? '这里还没有积分规则，只记时长'
  return state === 'finished' ? waitingForAnswer(facts) : waitingForStaff(facts)
}

function waitingForAnswer(facts: PointsFacts): string {
  if (!facts.atSite) return waitingForElder(facts)
  if (facts.isSilent) return '现场一直没人确认，等社区审核'
  const thenStaff = facts.flag === 'red' || facts.postStep === 'approval'
  return thenStaff ? '等现场工作人员确认，再由社区审核' : '等现场工作人员确认后到账'
}

function waitingForElder(facts: PointsFacts): string {
  if (facts.isUnsure) return '老人记不清，等社区打电话问'
  if (facts.isSilent) return '老人一直没回应，等社区审核'
  return facts.flag === 'red' || facts.postStep === 'approval' ? '等老人确认，再由社区审核' : '等老人确认后到账'
}

function waitingForStaff({ redSentence }: PointsFacts): string {
  return redSentence === null ? '等社区审核' : `等社区审核：${redSentence}`
}

const STEP_SENTENCES: Record<PostStep, string> = {
  finish: '结束就记分',
  confirmation: '老人确认后记分',
  approval: '社区审核后记分',
  never: '按规则不记分',
}

function stepSentence(step: PostStep, atSite: boolean): string {
  return atSite && step === 'confirmation' ? '现场工作人员确认后记分' : STEP_SENTENCES[step]
}

/** The rule, its numbers, how well it is proved, and what became of it: one sentence for every visit there is. */
export function whySentence(facts: {
  state: VisitState
  servedSeconds: number | null
  level: number | null
  postStep: PostStep | null
  formula: string | null
  schemeVersion: number | null
  points: string
  atSite: boolean
}): string {
  const { servedSeconds, level, postStep, formula, schemeVersion, points } = facts
  if (facts.state === 'inProgress' || servedSeconds === null) return '正在帮忙，结束以后按实际分钟数和当天的规则算'
  const minutes = `服务 ${Math.floor(servedSeconds / 60)} 分钟`
  const rule = formula === null || formula === '' ? null : formula
  const parts = [
    rule === null || rule === points ? minutes : `${minutes}，${rule}`,
    schemeVersion === null ? null : `按规则第 ${schemeVersion} 版`,
    level === null ? null : `凭证 L${level}${postStep === null ? '' : `，${stepSentence(postStep, facts.atSite)}`}`,
    points,
  ]
  return parts.filter((part) => part !== null).join('；')
}

/** 2611-22-0387: year and month, day, and four digits of the id, for people on the telephone. */
export function visitNumber(id: string, day: Day): string {
  const tail = Number.parseInt(id.replaceAll('-', '').slice(-8), 16) % 10_000
  return `${day.slice(2, 4)}${day.slice(5, 7)}-${day.slice(8)}-${String(tail).padStart(4, '0')}`
}

/** Why a visit is on the list of calls. */
export const CALL_REASONS = {
  unsure: '老人记不清',
  noPhone: '老人没有手机',
  silent: '老人一直没回应',
  weak: '没有手机、凭证低',
  sample: '随机抽查',
  rating: '老人给了哭脸',
} as const
export type CallReason = keyof typeof CALL_REASONS

/** What staff read out. */
export function callScript(visit: { memberName: string; serviceName: string; when: string }): string[] {
  return [
    '您好，我是村里的，打电话问问您。',
    `${visit.when}，${visit.memberName}来帮您${visit.serviceName}了吗？`,
    '您还满意吗？5 分是很满意，1 分是不满意。',
    '还有什么要我们帮忙的吗？',
  ]
}
