import { pointsText, yuanText } from '../core/amounts'
import type { RedemptionKind, Relation, SchemeDocument } from './document'
import { compileForPerson, compileForVisit } from './fields'
import { postStepOf, rateSentence, spanText } from './rules'

export const RELATION_WORDS: Record<Relation, string> = {
  self: '本人',
  spouse: '配偶',
  parent: '父母',
  grandparent: '祖父母',
  child: '子女',
  grandchild: '孙子女',
  sibling: '兄弟姐妹',
  otherRelative: '其他亲属',
  friend: '朋友',
}
export const REDEMPTION_WORDS: Record<RedemptionKind, string> = {
  service: '服务',
  goods: '物品',
  meal: '用餐',
  yuan: '抵扣现金',
}
const OVERFLOW_WORDS = { drop: '不记', pool: '进公益池', honour: '记为荣誉' } as const
const STEP_WORDS = {
  never: '不记分',
  approval: '社区审核后记分',
  confirmation: '老人确认后记分',
  finish: '结束就记分',
} as const
const GROUP_WORDS = { each: '记给每个人', pool: '全部进公益池', nobody: '不记分' } as const
const EVERY_WORDS = { once: '一次', month: '每月', quarter: '每季度', year: '每年' } as const
const DEATH_WORDS = { heir: '由家人继承', pool: '进公益池', expire: '作废' } as const
const MOVING_WORDS = { export: '转到新的地方', pool: '进公益池', expire: '作废' } as const

/** A scheme as people say it, one sentence a section; what isn't there isn't said. */
export function sentencesOf(document: SchemeDocument): { section: string; sentence: string }[] {
  const sections: [string, string][] = [
    ['怎么得分', earnSentence(document)],
    ['凭证', evidenceSentence(document)],
    ['谁来服务', document.helpers === undefined ? '' : saidOfPerson(document.helpers.when)],
    ['服务谁', serveSentence(document)],
    ['怎么兑换', redeemSentence(document)],
    ['转赠', transferSentence(document)],
    ['捐赠', donateSentence(document)],
    ['发放', grantsSentence(document)],
    [
      '先用后还',
      document.overdraftMilliPoints === undefined ? '' : `可以先用 ${points(document.overdraftMilliPoints)}`,
    ],
    ['过期', expirySentence(document)],
    ['扣分', penaltySentence(document)],
    ['奖励', bonusSentence(document)],
    ['星级', starSentence(document)],
    ['销户', closingSentence(document)],
  ]
  return sections.filter(([, sentence]) => sentence !== '').map(([section, sentence]) => ({ section, sentence }))
}

/** "每小时 1 分，一天最多 2 分，全部最多 600 分，超出的进公益池" */
function earnSentence(document: SchemeDocument): string {
  const { earn } = document
  const rounding = earn.rounding
  return joined([
    rateSentence(document),
    ...((earn.prices ?? []).length === 0 ? [] : [`${earn.prices?.length} 个项目各有其价`]),
    said(earn.visitSecondsMax, (most) => `一次最多计 ${spanText(most)}`),
    said(earn.presencePermille, (least) => `到场不足计划的 ${pointsText(BigInt(least * 100))} % 不计`),
    rounding === undefined
      ? ''
      : `${rounding.over === 'cumulative' ? '累计' : '每次'}${{ down: '舍去', up: '进一', half: '四舍五入' }[rounding.mode]}到 ${points(rounding.stepMilliPoints)}`,
    said(earn.activityCapMilliPoints, (cap) => `一次最多 ${points(cap)}`),
    said(earn.dayCapMilliPoints, (cap) => `一天最多 ${points(cap)}`),
    said(earn.monthCapMilliPoints, (cap) => `一月最多 ${points(cap)}`),
    said(earn.yearCapMilliPoints, (cap) => `一年最多 ${points(cap)}`),
    said(earn.accountCapMilliPoints, (cap) => `全部最多 ${points(cap)}`),
    overflowSentence(earn.overflow),
    ...(earn.coefficients ?? []).map(
      ({ name, times: [n, d], when, fromClock, toClock }) =>
        `${name}${fromClock === undefined ? '' : `（${fromClock}–${toClock}）`} × ${n}${d === 1 ? '' : `/${d}`}${when === undefined ? '' : `：${saidOfVisit(when)}`}`,
    ),
    earn.earners === undefined ? '' : `${earn.earners.map(earnerText).join('、')}可以得分`,
    earn.group === undefined ? '' : `集体活动的分${GROUP_WORDS[earn.group]}`,
    earn.minors === undefined
      ? ''
      : `不满 ${earn.minors.belowAge} 岁${earn.minors.groupsOnly ? '只能参加集体活动' : ''}${earn.minors.sitesOnly ? '、只能在机构里' : ''}`,
    earn.when === undefined ? '' : `只计：${saidOfVisit(earn.when)}`,
  ])
}

function overflowSentence(overflow: SchemeDocument['earn']['overflow']): string {
  const kinds = [...new Set(Object.values(overflow ?? {}).filter((one) => one !== undefined))]
  const [only] = kinds
  return kinds.length === 1 && only !== undefined
    ? `超出的${OVERFLOW_WORDS[only]}`
    : kinds.length > 1
      ? '超出的按上限各有去处'
      : ''
}

function evidenceSentence(document: SchemeDocument): string {
  return joined([0, 1, 2, 3, 4].map((level) => `L${level} ${STEP_WORDS[postStepOf(document, level)]}`))
}

function serveSentence({ serve }: SchemeDocument): string {
  if (serve === undefined) return ''
  return joined([
    said(serve.fromAge, (age) => `满 ${age} 岁`),
    serve.when === undefined ? '' : saidOfPerson(serve.when),
  ])
}

function redeemSentence({ redeem }: SchemeDocument): string {
  if (redeem === undefined) return ''
  return joined([
    redeem.kinds === undefined ? '' : `可以换${redeem.kinds.map((kind) => REDEMPTION_WORDS[kind]).join('、')}`,
    said(redeem.gateSeconds, (gate) => `服务满 ${spanText(gate)}才能换`),
    said(redeem.fromAge, (age) => `受益人满 ${age} 岁`),
    redeem.relations === undefined ? '' : `可以给${relationsText(redeem.relations)}换`,
    said(redeem.timesPerMonth, (times) => `每月最多 ${times} 次`),
    said(redeem.timesPerQuarter, (times) => `每季度最多 ${times} 次`),
    said(redeem.timesPerYear, (times) => `每年最多 ${times} 次`),
    said(redeem.serviceHourMilliPoints, (price) => `1 小时服务 ${points(price)}`),
    redeem.yuan === undefined ? '' : `${points(redeem.yuan.milliPoints)}抵 ${yuanText(redeem.yuan.fen)} 元`,
    (redeem.prices ?? []).length === 0 ? '' : `${redeem.prices?.length} 项有标价`,
    redeem.whenNobodyTakes === 'marketService' ? '没有人接单时由市场服务兜底' : '',
  ])
}

function transferSentence({ transfer }: SchemeDocument): string {
  if (transfer === undefined) return ''
  const approval = { none: '', recipient: '要对方同意', staff: '要社区同意' }[transfer.approval ?? 'none']
  return joined([
    transfer.relations === undefined ? '可以送给任何人' : `可以送给${relationsText(transfer.relations)}`,
    said(transfer.recipientFromAge, (age) => `对方满 ${age} 岁`),
    said(transfer.yearMilliPointsMax, (most) => `一年最多送 ${points(most)}`),
    approval,
  ])
}

function donateSentence({ donate }: SchemeDocument): string {
  if (donate === undefined) return ''
  const words = { pool: '公益池', elder: '老人', organisation: '组织' } as const
  return joined([
    `可以捐给${(donate.to ?? (['pool', 'elder', 'organisation'] as const)).map((to) => words[to]).join('、')}`,
    said(donate.milliPointsMin, (least) => `一次至少 ${points(least)}`),
    (donate.priority ?? []).length === 0
      ? ''
      : `公益池先给：${(donate.priority ?? []).map(saidOfPerson).join('；再给：')}`,
  ])
}

function grantsSentence({ grants }: SchemeDocument): string {
  return (grants ?? [])
    .map(
      ({ name, when, milliPoints, every, from }) =>
        `${name}：${EVERY_WORDS[every]}给${saidOfPerson(when)}的人 ${points(milliPoints)}${from === 'pool' ? '，从公益池出' : ''}`,
    )
    .join('；')
}

function expirySentence({ expiry }: SchemeDocument): string {
  if (expiry === undefined) return ''
  return joined([
    expiry.kind === 'yearEnd' ? '当年的分到 12 月 31 日 24 时清零' : `得到 ${expiry.months ?? 0} 个月后过期`,
    (expiry.reminderDays ?? []).length === 0 ? '' : `提前 ${expiry.reminderDays?.join('、')} 天提醒`,
    '时长不减',
  ])
}

function penaltySentence({ penalties }: SchemeDocument): string {
  if (penalties === undefined) return ''
  return joined([
    penalties.openComplaint === 'none' ? '投诉核实期间分不动' : '',
    penalties.upheldComplaint === 'visitToZero' ? '投诉成立，这次归零' : '',
    said(penalties.complaintMilliPoints, (amount) => `投诉成立另扣 ${points(amount)}`),
    said(penalties.noShowMilliPoints, (amount) => `失约一次扣 ${points(amount)}`),
    said(penalties.noShowsPerYearMax, (times) => `一年失约 ${times} 次停止资格`),
  ])
}

function bonusSentence({ bonuses }: SchemeDocument): string {
  if (bonuses === undefined) return ''
  return joined([
    said(bonuses.referralMilliPoints, (amount) => `介绍一位新志愿者加 ${points(amount)}`),
    said(bonuses.organiserMilliPoints, (amount) => `组织一次活动加 ${points(amount)}`),
    ...(bonuses.festivals ?? []).map(({ name, milliPoints }) => `${name}每次另加 ${points(milliPoints)}`),
  ])
}

function starSentence({ stars }: SchemeDocument): string {
  return joined(
    (stars ?? []).map(
      ({ stars: count, seconds, milliPoints }) =>
        `${count} 星：${[said(seconds, spanText), said(milliPoints, points)].filter((part) => part !== '').join('并且 ')}`,
    ),
  )
}

function closingSentence({ closing }: SchemeDocument): string {
  if (closing === undefined) return ''
  return joined([
    closing.onDeath === undefined ? '' : `去世后${DEATH_WORDS[closing.onDeath]}`,
    closing.heirRelations === undefined ? '' : `${relationsText(closing.heirRelations)}可以继承`,
    closing.onMoving === undefined ? '' : `迁出后${MOVING_WORDS[closing.onMoving]}`,
  ])
}

function earnerText({ sex, fromAge, toAge }: NonNullable<SchemeDocument['earn']['earners']>[number]): string {
  const who = sex === undefined ? '' : sex === 'male' ? '男' : '女'
  if (fromAge === undefined && toAge === undefined) return who === '' ? '任何人' : who
  if (toAge === undefined) return `${who}满 ${fromAge} 岁`
  return fromAge === undefined ? `${who} ${toAge} 岁以下` : `${who} ${fromAge}–${toAge} 岁`
}

/** A rule about a person in words; one that doesn't parse as it stands. */
export function saidOfPerson(text: string): string {
  const compiled = compileForPerson(text)
  return compiled.ok ? compiled.said : text
}

function saidOfVisit(text: string): string {
  const compiled = compileForVisit(text)
  return compiled.ok ? compiled.said : text
}

function relationsText(relations: readonly Relation[]): string {
  return relations.map((one) => RELATION_WORDS[one]).join('、')
}

function points(milliPoints: number): string {
  return `${pointsText(BigInt(milliPoints))} 分`
}

function said<T>(value: T | undefined, text: (value: T) => string): string {
  return value === undefined ? '' : text(value)
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('，')
}
