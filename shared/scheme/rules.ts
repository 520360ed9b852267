import { pointsText } from '../core/amounts'
import type { EarnedBefore, Explanation, Judgement, Nature, PostStep, SchemeDocument, VisitFacts } from './document'

type Cut = Explanation['cuts'][number]

const CAP_WORDS = { DAY_CAP: '每天', MONTH_CAP: '每月', ACCOUNT_CAP: '每人一共' } as const
const NATURE_NOT_PAID: Record<Nature, string> = {
  volunteer: '志愿服务在这里不记分，只记时长',
  mutualAid: '邻里互助在这里不记分，只记时长',
  dutyPaid: '岗位服务不记分，只记时长',
}

/**
 * What a visit is worth, and why. Exact: whole minutes served × rate as a fraction, rounded down to the scheme's step,
 * then cut by the caps in the order day, month, account. What a cap leaves is rounded down too, so an award is always
 * a whole number of steps. A worth of 0 always has a reason.
 *
 * @param before what the same person had earned in the same programme before this visit
 */
export function judge(
  document: SchemeDocument,
  scheme: { id: string; version: number },
  facts: VisitFacts,
  before: EarnedBefore,
): Judgement {
  const { earn } = document
  const minutes = Math.floor(facts.servedSeconds / 60)
  const zeroReason = whyNothing(document, facts)
  const gross = zeroReason === null ? worthOf(document, minutes) : 0n
  const cuts: Cut[] = []
  let left = gross
  const caps = [
    ['DAY_CAP', earn.dayCapMilliPoints, before.dayMilliPoints],
    ['MONTH_CAP', earn.monthCapMilliPoints, before.monthMilliPoints],
    ['ACCOUNT_CAP', earn.accountCapMilliPoints, before.balanceMilliPoints],
  ] as const
  for (const [code, cap, earned] of caps) {
    if (cap === null || left === 0n) continue
    const room = roundDown(atLeastZero(BigInt(cap) - earned), earn.roundDownToMilliPoints)
    if (room >= left) continue
    cuts.push({
      code,
      sentence: `${CAP_WORDS[code]}最多记 ${pointsText(BigInt(cap))} 分`,
      milliPoints: String(left - room),
    })
    left = room
  }
  return {
    milliPoints: left,
    explanation: {
      schemeId: scheme.id,
      schemeVersion: scheme.version,
      formula: formulaOf(document, minutes, gross),
      cuts,
      zeroReason: left > 0n ? null : (zeroReason ?? zeroByCap(cuts) ?? '时间太短，不够记 1 份'),
    },
  }
}

/** Where nothing was published a visit is worth nothing, and says so. */
export function judgeWithoutScheme(servedSeconds: number): Judgement {
  const formula = `${Math.floor(servedSeconds / 60)} 分钟`
  return {
    milliPoints: 0n,
    explanation: { schemeId: '', schemeVersion: 0, formula, cuts: [], zeroReason: '这里还没有积分规则，只记时长' },
  }
}

/** At which step a visit of this evidence level is posted. */
export function postStepOf(document: SchemeDocument, level: number): PostStep {
  return document.earn.postAt[level] ?? 'never'
}

/** The rate as people say it: "每 5 分钟记 1 分，满 15 分钟起算". */
export function rateSentence({ earn }: SchemeDocument): string {
  const rate = `每 ${spanText(earn.seconds)}记 ${pointsText(BigInt(earn.milliPoints))} 分`
  return earn.visitSecondsMin === 0 ? rate : `${rate}，满 ${spanText(earn.visitSecondsMin)}起算`
}

/** Why a visit earns nothing whatever was earned before, or null. */
function whyNothing(document: SchemeDocument, facts: VisitFacts): string | null {
  const { earn } = document
  if (!earn.natures.includes(facts.nature)) return NATURE_NOT_PAID[facts.nature]
  if (postStepOf(document, facts.level) === 'never')
    return facts.level === 0 ? '补录的记录不记分，只记时长' : '凭证不够，不记分，只记时长'
  // Whole minutes on both sides, as they are shown: 14 分 59 秒 is 14 minutes.
  if (Math.floor(facts.servedSeconds / 60) * 60 < earn.visitSecondsMin)
    return `${Math.floor(facts.servedSeconds / 60)} 分钟，不足 ${spanText(earn.visitSecondsMin)}，不记分`
  return null
}

function worthOf({ earn }: SchemeDocument, minutes: number): bigint {
  const seconds = Math.min(minutes * 60, earn.visitSecondsMax)
  return roundDown((BigInt(seconds) * BigInt(earn.milliPoints)) / BigInt(earn.seconds), earn.roundDownToMilliPoints)
}

/** "65 分钟 ÷ 5 = 13 分"; with the longest that counts, when the visit was longer. */
function formulaOf({ earn }: SchemeDocument, minutes: number, gross: bigint): string {
  const longest = Math.floor(earn.visitSecondsMax / 60)
  const counted = minutes > longest ? `${minutes} 分钟，最多记 ${longest} 分钟：${longest} 分钟` : `${minutes} 分钟`
  const times = earn.milliPoints === 1000 ? '' : ` × ${pointsText(BigInt(earn.milliPoints))}`
  const per = earn.seconds === 60 ? '' : ` ÷ ${earn.seconds % 60 === 0 ? earn.seconds / 60 : `${earn.seconds} 秒`}`
  return gross === 0n ? `${counted}${per}${times}` : `${counted}${per}${times} = ${pointsText(gross)} 分`
}

function zeroByCap(cuts: readonly Cut[]): string | null {
  const last = cuts.at(-1)
  return last === undefined ? null : `${last.sentence}，已经到了`
}

function roundDown(value: bigint, step: number): bigint {
  return value - (value % BigInt(step))
}

function atLeastZero(value: bigint): bigint {
  return value > 0n ? value : 0n
}

function spanText(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600} 小时`
  return seconds % 60 === 0 ? `${seconds / 60} 分钟` : `${seconds} 秒`
}
