import { pointsText } from '../core/amounts'
import type {
  Coefficient,
  CutCode,
  EarnedBefore,
  Explanation,
  Judgement,
  Nature,
  Overflow,
  PostStep,
  SchemeDocument,
  VisitFacts,
} from './document'
import { type Field, knownWords } from './expression'
import { ageOf, compileForVisit } from './fields'
import { type Fraction, isLess, plus, reduced, times, toStep, ZERO } from './fraction'

type Cut = Explanation['cuts'][number]
type Earn = SchemeDocument['earn']
type Holds = (facts: VisitFacts) => boolean
type Factor = {
  name: string
  n: bigint
  d: bigint
  text: string
  window: readonly [number, number] | null
  holds: Holds
}

const DAY_SECONDS = 86_400
const CAP_WORDS: Record<CutCode, string> = {
  ACTIVITY_CAP: '一次',
  DAY_CAP: '每天',
  MONTH_CAP: '每月',
  YEAR_CAP: '每年',
  ACCOUNT_CAP: '每人一共',
}
const NATURE_NOT_PAID: Record<Nature, string> = {
  volunteer: '志愿服务在这里不记分，只记时长',
  mutualAid: '邻里互助在这里不记分，只记时长',
  dutyPaid: '岗位服务不记分，只记时长',
}
const DEFAULT_NATURES: readonly Nature[] = ['volunteer', 'mutualAid']
const DEFAULT_POST_AT: readonly PostStep[] = ['never', 'approval', 'confirmation', 'confirmation', 'finish']
const DEFAULT_ROUNDING = { mode: 'down', stepMilliPoints: 1, over: 'visit' } as const

/** What a visit brings, before it is told how: all a what-if over a million of them needs. */
export type Weighed = {
  milliPoints: bigint
  poolMilliPoints: bigint
  honourMilliPoints: bigint
  carry: Fraction
  cuts: Cut[]
  zeroReason: string | null
}

/**
 * What a visit is worth. Exact: the seconds served, in whole minutes unless the scheme says otherwise, × rate ×
 * coefficients as a fraction; rounded once; then cut by the caps in the order visit, day, month, year, account. What a cap
 * leaves is rounded down too, so an award is always a whole number of steps. A worth of 0 always has a reason.
 *
 * @param before what the same person had earned in the same programme before this visit
 */
export function weigh(
  document: SchemeDocument,
  facts: VisitFacts,
  before: EarnedBefore,
): Weighed & { worth: Worth; gross: bigint } {
  const { earn } = document
  const rounding = earn.rounding ?? DEFAULT_ROUNDING
  const step = BigInt(rounding.stepMilliPoints)
  const nothing = whyNothing(document, facts)
  const worth = nothing === null ? worthOf(earn, facts) : NO_WORTH
  const carried = rounding.over === 'cumulative' ? plus(before.carry ?? ZERO, worth.exact) : worth.exact
  // What was taken back may leave less than nothing: the next visits fill it up first.
  const gross = nothing === null && carried.n > 0n ? toStep(carried, step, rounding.mode) : 0n
  const isPooled = facts.group === true && earn.group === 'pool'
  const cuts: Cut[] = []
  const left = isPooled ? gross : cutByCaps(earn, gross, step, before, cuts)
  return {
    milliPoints: isPooled ? 0n : left,
    poolMilliPoints: isPooled ? gross : sentTo(cuts, 'pool'),
    honourMilliPoints: sentTo(cuts, 'honour'),
    carry: carryAfter(rounding.over, nothing, carried, gross, before),
    cuts,
    zeroReason:
      left > 0n && !isPooled
        ? null
        : (nothing ??
          (isPooled && gross > 0n ? '集体活动的分进公益池，只记时长' : null) ??
          zeroByCap(cuts) ??
          tooLittle(rounding.over)),
    worth,
    gross,
  }
}

/** What a visit is worth, and why: the formula as people read it. */
export function judge(
  document: SchemeDocument,
  scheme: { id: string; version: number },
  facts: VisitFacts,
  before: EarnedBefore,
): Judgement {
  const { earn } = document
  const { milliPoints, poolMilliPoints, honourMilliPoints, carry, cuts, zeroReason, worth, gross } = weigh(
    document,
    facts,
    before,
  )
  const over = (earn.rounding ?? DEFAULT_ROUNDING).over
  return {
    milliPoints,
    poolMilliPoints,
    honourMilliPoints,
    carry,
    explanation: {
      schemeId: scheme.id,
      schemeVersion: scheme.version,
      rule: worth.rule,
      inputs: inputsOf(facts, before, over, earn),
      formula: formulaOf(earn, facts, worth, gross, over === 'cumulative' ? (before.carry ?? ZERO) : ZERO),
      cuts,
      zeroReason,
    },
  }
}

/** Where nothing was published a visit is worth nothing, and says so. */
export function judgeWithoutScheme(servedSeconds: number): Judgement {
  const formula = `${Math.floor(servedSeconds / 60)} 分钟`
  return {
    milliPoints: 0n,
    poolMilliPoints: 0n,
    honourMilliPoints: 0n,
    carry: ZERO,
    explanation: { schemeId: '', schemeVersion: 0, formula, cuts: [], zeroReason: '这里还没有积分规则，只记时长' },
  }
}

/** Why a number that no visit made is what it is: a bonus, a grant, points that are over. */
export function explained(
  scheme: { id: string; version: number },
  rule: string,
  formula: string,
  inputs?: Explanation['inputs'],
): Explanation {
  const { id: schemeId, version: schemeVersion } = scheme
  return {
    schemeId,
    schemeVersion,
    rule,
    ...(inputs === undefined ? {} : { inputs }),
    formula,
    cuts: [],
    zeroReason: null,
  }
}

/** At which step a visit of this evidence level is posted. */
export function postStepOf({ earn }: SchemeDocument, level: number): PostStep {
  return (earn.postAt ?? DEFAULT_POST_AT)[level] ?? 'never'
}

/** Whether a visit's worth depends on what was earned before. */
export function asksBefore({ earn }: SchemeDocument): boolean {
  return (
    earn.dayCapMilliPoints !== undefined ||
    earn.monthCapMilliPoints !== undefined ||
    earn.yearCapMilliPoints !== undefined ||
    earn.accountCapMilliPoints !== undefined ||
    earn.rounding?.over === 'cumulative'
  )
}

/** The rate as people say it: "每 5 分钟记 1 分，满 15 分钟起算". */
export function rateSentence({ earn }: SchemeDocument): string {
  const rate =
    earn.milliPoints === undefined || earn.seconds === undefined
      ? earn.prices === undefined
        ? '只记时长，不记分'
        : '按项目计分'
      : `每 ${spanText(earn.seconds)}记 ${pointsText(BigInt(earn.milliPoints))} 分`
  return (earn.visitSecondsMin ?? 0) === 0 ? rate : `${rate}，满 ${spanText(earn.visitSecondsMin ?? 0)}起算`
}

export function spanText(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600} 小时`
  return seconds % 60 === 0 ? `${seconds / 60} 分钟` : `${seconds} 秒`
}

/** Why a visit earns nothing whatever was earned before, or null. */
export function whyNothing(document: SchemeDocument, facts: VisitFacts): string | null {
  const { earn } = document
  if (!(earn.natures ?? DEFAULT_NATURES).includes(facts.nature)) return NATURE_NOT_PAID[facts.nature]
  if (postStepOf(document, facts.level) === 'never')
    return facts.level === 0 ? '补录的记录不记分，只记时长' : '凭证不够，不记分，只记时长'
  if (earn.channels !== undefined && !earn.channels.includes(facts.channel ?? 'inPerson'))
    return '这种方式不记分，只记时长'
  if (facts.group === true && earn.group === 'nobody') return '集体活动不记分，只记时长'
  return (
    whyNotHelper(earn, facts) ??
    whyNotLong(earn, facts) ??
    (earn.when !== undefined && !planOf(earn).when(facts) ? '不符合计分条件，只记时长' : null) ??
    (priceOf(earn, facts) === undefined && earn.milliPoints === undefined ? '这个项目没有标价，只记时长' : null)
  )
}

function whyNotHelper({ earners, minors }: Earn, facts: VisitFacts): string | null {
  if (earners === undefined && minors === undefined) return null
  const age = ageOf(facts.helper, facts.day)
  if (age === undefined) return '没有登记出生日期，不记分'
  if (
    earners !== undefined &&
    !earners.some(
      ({ sex, fromAge, toAge }) =>
        (sex === undefined || sex === facts.helper?.sex) && age >= (fromAge ?? 0) && age <= (toAge ?? age),
    )
  )
    return '年龄不在计分的范围里，只记时长'
  if (minors !== undefined && age < minors.belowAge) {
    if (minors.groupsOnly && facts.group !== true) return `不满 ${minors.belowAge} 岁只能参加集体活动`
    if (minors.sitesOnly && facts.atSite !== true) return `不满 ${minors.belowAge} 岁只能在机构里服务`
  }
  return null
}

function whyNotLong({ visitSecondsMin, presencePermille }: Earn, facts: VisitFacts): string | null {
  // Whole minutes on both sides, as they are shown: 14 分 59 秒 is 14 minutes.
  const minutes = Math.floor(facts.servedSeconds / 60)
  if (minutes * 60 < (visitSecondsMin ?? 0)) return `${minutes} 分钟，不足 ${spanText(visitSecondsMin ?? 0)}，不记分`
  const planned = facts.plannedSeconds ?? 0
  if (presencePermille !== undefined && minutes * 60 * 1000 < planned * presencePermille)
    return `计划 ${Math.floor(planned / 60)} 分钟，到场 ${minutes} 分钟，不足 ${permilleText(presencePermille)}，不记分`
  return null
}

type Worth = { exact: Fraction; rule: string; factors: readonly Factor[] }
const NO_WORTH: Worth = { exact: ZERO, rule: 'earn', factors: [] }

function worthOf(earn: Earn, facts: VisitFacts): Worth {
  const price = priceOf(earn, facts)
  const factors = factorsOf(earn, facts)
  if (price !== undefined) {
    const whole = factors.filter(({ window }) => window === null)
    const exact = whole.reduce((worth, { n, d }) => times(worth, n, d), { n: BigInt(price), d: 1n })
    return { exact, rule: `earn.prices.${facts.service}`, factors: whole }
  }
  const { milliPoints = 0, seconds = 1 } = earn
  const exact = times(timeOf(factors, facts, countedSeconds(earn, facts)), BigInt(milliPoints), BigInt(seconds))
  return { exact, rule: 'earn.milliPoints', factors }
}

/** Seconds that count, weighed by the coefficients; those of a time of day weigh the seconds inside their window only. */
function timeOf(factors: readonly Factor[], facts: VisitFacts, counted: number): Fraction {
  if (factors.length === 0) return { n: BigInt(counted), d: 1n }
  const whole = factors.filter(({ window }) => window === null)
  const windowed = factors.filter(({ window }) => window !== null)
  const base =
    windowed.length === 0 ? { n: BigInt(counted), d: 1n } : weighed(windowed, facts.beganSecond ?? 0, counted)
  return whole.reduce((time, { n, d }) => times(time, n, d), base)
}

/** Cuts the visit where a window begins or ends; between two cuts every second weighs the same. */
function weighed(factors: readonly Factor[], began: number, counted: number): Fraction {
  const end = began + counted
  const cuts = new Set([began, end])
  for (const { window } of factors)
    for (const edge of window ?? []) for (let at = edge; at < end; at += DAY_SECONDS) if (at > began) cuts.add(at)
  const edges = [...cuts].sort((a, b) => a - b)
  let sum = ZERO
  for (let place = 0; place + 1 < edges.length; place++) {
    const [from, to] = [edges[place] as number, edges[place + 1] as number]
    const within = factors.filter(({ window }) => window !== null && isInside(from % DAY_SECONDS, window))
    sum = plus(
      sum,
      within.reduce((time, { n, d }) => times(time, n, d), { n: BigInt(to - from), d: 1n } as Fraction),
    )
  }
  return reduced(sum)
}

/** A window may pass midnight: 22:00–06:00. */
function isInside(second: number, [from, to]: readonly [number, number]): boolean {
  return from < to ? second >= from && second < to : second >= from || second < to
}

function factorsOf(earn: Earn, facts: VisitFacts): readonly Factor[] {
  if (earn.coefficients === undefined) return NO_FACTORS
  const holding = planOf(earn).factors.filter(({ holds }) => holds(facts))
  if (earn.coefficientsCombine !== 'highest' || holding.length < 2) return holding
  return [holding.reduce((best, one) => (isLess(best, one) ? one : best))]
}
const NO_FACTORS: readonly Factor[] = []

function countedSeconds({ servedSecondsStep, visitSecondsMax }: Earn, { servedSeconds }: VisitFacts): number {
  const step = servedSecondsStep ?? 60
  const whole = servedSeconds - (servedSeconds % step)
  return visitSecondsMax !== undefined && whole > visitSecondsMax ? visitSecondsMax : whole
}

function priceOf({ prices }: Earn, { service }: VisitFacts): number | undefined {
  return prices === undefined || service === undefined
    ? undefined
    : prices.find((one) => one.service === service)?.milliPoints
}

function cutByCaps(earn: Earn, gross: bigint, step: bigint, before: EarnedBefore, cuts: Cut[]): bigint {
  const to = earn.overflow ?? NO_OVERFLOW
  let left = gross
  left = cut(left, 'ACTIVITY_CAP', earn.activityCapMilliPoints, 0n, step, to.activity, cuts)
  left = cut(left, 'DAY_CAP', earn.dayCapMilliPoints, before.dayMilliPoints, step, to.day, cuts)
  left = cut(left, 'MONTH_CAP', earn.monthCapMilliPoints, before.monthMilliPoints, step, to.month, cuts)
  left = cut(left, 'YEAR_CAP', earn.yearCapMilliPoints, before.yearMilliPoints ?? 0n, step, to.year, cuts)
  return cut(left, 'ACCOUNT_CAP', earn.accountCapMilliPoints, before.balanceMilliPoints, step, to.account, cuts)
}
const NO_OVERFLOW: NonNullable<Earn['overflow']> = {}

/** What one cap leaves; it notes what it took off. */
function cut(
  left: bigint,
  code: CutCode,
  most: number | undefined,
  earned: bigint,
  step: bigint,
  to: Overflow | undefined,
  cuts: Cut[],
): bigint {
  if (most === undefined || left === 0n) return left
  const free = BigInt(most) - earned
  const room = free > 0n ? free - (free % step) : 0n
  if (room >= left) return left
  const sentence = `${CAP_WORDS[code]}最多记 ${pointsText(BigInt(most))} 分${OVERFLOW_SAID[to ?? 'drop']}`
  cuts.push({ code, sentence, milliPoints: String(left - room), ...(to === undefined || to === 'drop' ? {} : { to }) })
  return room
}
const OVERFLOW_SAID: Record<Overflow, string> = { drop: '', pool: '，超出的进公益池', honour: '，超出的记为荣誉' }

function sentTo(cuts: readonly Cut[], to: Overflow): bigint {
  return cuts.reduce((sum, cut) => (cut.to === to ? sum + BigInt(cut.milliPoints) : sum), 0n)
}

/** What cumulative rounding leaves for the next visit. A visit that earns nothing leaves it as it was. */
function carryAfter(
  over: 'visit' | 'cumulative',
  zeroReason: string | null,
  carried: Fraction,
  gross: bigint,
  before: EarnedBefore,
): Fraction {
  if (over === 'visit') return ZERO
  return zeroReason === null ? reduced(plus(carried, { n: -gross, d: 1n })) : (before.carry ?? ZERO)
}

function inputsOf(
  facts: VisitFacts,
  before: EarnedBefore,
  over: 'visit' | 'cumulative',
  earn: Earn,
): { label: string; value: string }[] {
  const inputs = [
    { label: '时长', value: `${Math.floor(facts.servedSeconds / 60)} 分钟` },
    { label: '凭证', value: `L${facts.level}` },
  ]
  if (facts.service !== undefined) inputs.push({ label: '项目', value: facts.service })
  for (const field of planOf(earn).told) inputs.push({ label: field.label, value: knownWords(field, facts) })
  if (over === 'cumulative' && before.carry !== undefined && before.carry.n > 0n)
    inputs.push({ label: '上次零头', value: `${fractionText(before.carry)} 分` })
  return inputs
}

/** "65 分钟 ÷ 5 = 13 分"; with the longest that counts, when the visit was longer. */
function formulaOf(earn: Earn, facts: VisitFacts, { rule, factors }: Worth, gross: bigint, carry: Fraction): string {
  const result = gross === 0n ? '' : ` = ${pointsText(gross)} 分`
  const factorsText = factors
    .map(({ name, text, window }) => ` × ${text}（${name}${window === null ? '' : '时段'}）`)
    .join('')
  const carryText = carry.n > 0n ? ` + 上次零头 ${fractionText(carry)} 分` : ''
  const price = priceOf(earn, facts)
  if (price !== undefined && rule !== 'earn')
    return `每次 ${pointsText(BigInt(price))} 分${factorsText}${carryText}${result}`
  const minutes = Math.floor(facts.servedSeconds / 60)
  const longest = Math.floor((earn.visitSecondsMax ?? Number.MAX_SAFE_INTEGER) / 60)
  const counted = minutes > longest ? `${minutes} 分钟，最多记 ${longest} 分钟：${longest} 分钟` : `${minutes} 分钟`
  if (earn.milliPoints === undefined || earn.seconds === undefined) return counted
  const rate = earn.milliPoints === 1000 ? '' : ` × ${pointsText(BigInt(earn.milliPoints))}`
  const per = earn.seconds === 60 ? '' : ` ÷ ${earn.seconds % 60 === 0 ? earn.seconds / 60 : `${earn.seconds} 秒`}`
  return `${counted}${per}${rate}${factorsText}${carryText}${result}`
}

function zeroByCap(cuts: readonly Cut[]): string | null {
  const last = cuts.at(-1)
  return last === undefined ? null : `${last.sentence}，已经到了`
}

function tooLittle(over: 'visit' | 'cumulative'): string {
  return over === 'cumulative' ? '还不够记 1 份，零头留到下一次' : '时间太短，不够记 1 份'
}

/** A scheme's expressions are read once; documents never change. */
type Plan = { when: Holds; factors: readonly Factor[]; told: readonly Field<VisitFacts>[] }
const plans = new WeakMap<Earn, Plan>()

function planOf(earn: Earn): Plan {
  const known = plans.get(earn)
  if (known !== undefined) return known
  const plan = { when: holdsOf(earn.when), factors: (earn.coefficients ?? []).map(factorOf), told: toldBy(earn) }
  plans.set(earn, plan)
  return plan
}

/** What an explanation says beside time and evidence: facts about the helper that a rule asked for, each once. */
function toldBy({ when, coefficients }: Earn): Field<VisitFacts>[] {
  const asked = [when, ...(coefficients ?? []).map((one) => one.when)].flatMap((text) => {
    const compiled = text === undefined ? null : compileForVisit(text)
    return compiled?.ok ? compiled.asks : []
  })
  return [...new Set(asked)].filter(({ told }) => told)
}

function factorOf({ name, times: [n, d], when, fromClock, toClock }: Coefficient): Factor {
  const window =
    fromClock === undefined && toClock === undefined ? null : ([secondOf(fromClock), secondOf(toClock)] as const)
  return { name, n: BigInt(n), d: BigInt(d), text: factorText(n, d), window, holds: holdsOf(when) }
}

/** An expression that doesn't parse was refused before publishing; should one be there, it holds for nobody. */
function holdsOf(text: string | undefined): Holds {
  if (text === undefined) return () => true
  const compiled = compileForVisit(text)
  return compiled.ok ? compiled.holds : () => false
}

function secondOf(clock: string | undefined): number {
  return clock === undefined ? 0 : Number(clock.slice(0, 2)) * 3600 + Number(clock.slice(3, 5)) * 60
}

/** 6/5 → "1.2", 1/3 → "1/3": as decimals where they end within three places. */
function factorText(n: number, d: number): string {
  return (n * 1000) % d === 0 ? pointsText(BigInt((n * 1000) / d)) : `${n}/${d}`
}

/** Milli-points with a fraction, in points; what doesn't end within three places is shown rounded down. */
function fractionText({ n, d }: Fraction): string {
  return pointsText(n / d)
}

function permilleText(permille: number): string {
  return `${pointsText(BigInt(permille * 100))} %`
}
