import type { RefusalCode } from '../core/refusals'
import { addSeconds } from '../core/time'
import type { ExceptionCode } from './exceptions'
import type { VisitState } from './view'

/** What a helper may say about what is odd: the words are those of the buttons. */
export const EXPLANATIONS = {
  forgot: { words: '忘了按「帮完了」', for: ['E01', 'E05', 'E02'] },
  realTime: { words: '事情多，确实这么久', for: ['E05', 'E01', 'E06'] },
  quick: { words: '事情少，很快做完了', for: ['E04'] },
  elsewhere: { words: '在集市或卫生室见的面', for: ['E03', 'E13', 'E14'] },
  drift: { words: '手机定位不准', for: ['E03', 'E14'] },
  refusedPlace: { words: '没有让手机记位置', for: ['E03'] },
  noSignal: { words: '村里没有信号', for: ['E03', 'E09', 'E01', 'E17'] },
  phoneClock: { words: '手机时间不准', for: ['E09'] },
  brokenPlate: { words: '牌子坏了，或换过了', for: ['E10', 'E17'] },
  usual: { words: '老人信得过，常叫我去', for: ['E06', 'E11'] },
  needed: { words: '家里有急事，只有我在', for: ['E11', 'E13'] },
  twoDoors: { words: '两家离得近，一起照看', for: ['E02', 'E14'] },
  busyHands: { words: '手上正忙，没看到', for: ['E17'] },
  cameTrue: { words: '确实去过了，可以问邻居', for: ['E07', 'E08', 'E16'] },
  byPaper: { words: '纸上有老人签字', for: ['E15', 'E08', 'E16'] },
  other: { words: '说不清，请打电话问我', for: [] },
} as const satisfies Record<string, { words: string; for: readonly ExceptionCode[] }>
export type ExplanationCode = keyof typeof EXPLANATIONS

export const APPEALS = {
  reallyCame: '我确实去过了',
  reallyThisLong: '时间是真的',
  reallyDone: '事情都做了',
  notDoubled: '不是重复的记录',
  askElder: '老人愿意再说一次',
  other: '别的原因，请打电话问我',
} as const

/** What a helper can say about this exception, the likely first; one can always ask to be telephoned. */
export function explanationsFor(code: string): { code: ExplanationCode; words: string }[] {
  return (Object.keys(EXPLANATIONS) as ExplanationCode[])
    .filter((one) => one === 'other' || (EXPLANATIONS[one].for as readonly string[]).includes(code))
    .map((one) => ({ code: one, words: EXPLANATIONS[one].words }))
}

type Times = { checkInAt: Date; checkOutAt: Date | null; closedBy: string | null }

/** Why this can't have been the end of an auto-closed visit, or null: it is between its beginning and where the clock closed it. */
export function whyNotEnd({ checkInAt, checkOutAt, closedBy }: Times, endAt: Date): RefusalCode | null {
  if (closedBy !== 'job' || checkOutAt === null) return 'END_NOT_AUTO'
  return endAt > checkInAt && endAt <= checkOutAt ? null : 'END_SPAN'
}

/** Why a helper can't appeal now, or null. */
export function whyNotAppeal(
  visit: { state: VisitState; returnedAt: Date | null; isAppealed: boolean },
  at: Date,
  appealDays: number,
): RefusalCode | null {
  if (visit.state !== 'returned' || visit.returnedAt === null) return 'APPEAL_NOT_RETURNED'
  if (visit.isAppealed) return 'APPEAL_WAITS'
  return at > addSeconds(visit.returnedAt, appealDays * 86_400) ? 'APPEAL_TOO_LATE' : null
}

/** The words of what was said; what an older version knew is shown as it was written. */
export function explanationWords(code: string): string {
  return EXPLANATIONS[code as ExplanationCode]?.words ?? code
}

export function appealWords(code: string): string {
  return APPEALS[code as keyof typeof APPEALS] ?? code
}
