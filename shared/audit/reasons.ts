/** Where a reason is offered. */
export type Use = 'approve' | 'return' | 'exception'

/** Why staff decide as they do. `for` says where the word is offered; the number key is its place in that list. */
export const REASONS = {
  allGood: { words: '情况属实', for: ['approve'] },
  platePlaceWrong: { words: '门牌位置录得不准', for: ['approve', 'exception'] },
  metElsewhere: { words: '在集市或卫生室会合', for: ['approve', 'exception'] },
  phoneDrift: { words: '手机定位漂移', for: ['approve', 'exception'] },
  calledBack: { words: '已电话回访属实', for: ['approve', 'exception'] },
  forgotToEnd: { words: '忘了按帮完了，按实际时间', for: ['approve', 'exception'] },
  otherTrue: { words: '其他，写明', for: ['approve', 'exception'] },
  nobodyCame: { words: '没有上门', for: ['return'] },
  notThisLong: { words: '时间不实', for: ['return'] },
  notThisService: { words: '服务内容不实', for: ['return'] },
  doubled: { words: '重复记录', for: ['return'] },
  notAnswered: { words: '老人联系不上，不能核实', for: ['return'] },
  complaint: { words: '投诉属实', for: ['return'] },
  otherFalse: { words: '其他，写明', for: ['return'] },
} as const satisfies Record<string, { words: string; for: readonly Use[] }>

/** How an exception was settled. */
export const RESOLUTIONS = {
  verifiedByPhone: '电话核实',
  verifiedOnSite: '上门核实',
  explainedByHelper: '志愿者说明，采信',
  acceptedAsIs: '不影响，予以认可',
} as const

/** What else the code decides by: these two are written by the desk itself and stay in use. */
export const FIXED_CODES: readonly string[] = ['allGood', 'complaint', 'acceptedAsIs']
/** 其他 says nothing by itself. */
const NEED_NOTE: readonly string[] = ['otherTrue', 'otherFalse']

export type Reason = { code: string; words: string; uses: readonly Use[]; needsNote: boolean; active: boolean }
export type ResolutionWord = { code: string; words: string; active: boolean }
/** The words a desk decides with. */
export type Dictionary = { reasons: readonly Reason[]; resolutions: readonly ResolutionWord[] }

export const STANDARD: Dictionary = {
  reasons: Object.entries(REASONS).map(([code, one]) => ({
    ...{ code, words: one.words, uses: one.for },
    ...{ needsNote: NEED_NOTE.includes(code), active: true },
  })),
  resolutions: Object.entries(RESOLUTIONS).map(([code, words]) => ({ code, words, active: true })),
}

export type OwnReason = {
  code: string
  kind: 'reason' | 'resolution'
  words: string
  uses: readonly Use[]
  needsNote: boolean
  active: boolean
}

/** The standard words with those of a county: some taken out of use, some added. */
export function dictionaryWith(own: readonly OwnReason[]): Dictionary {
  const stateOf = new Map(own.map((one) => [one.code, one.active]))
  const standing = <T extends { code: string; active: boolean }>(list: readonly T[]): T[] =>
    list.map((one) => ({ ...one, active: stateOf.get(one.code) ?? one.active }))
  const added = (kind: OwnReason['kind'], known: readonly { code: string }[]) =>
    own.filter((one) => one.kind === kind && !known.some(({ code }) => code === one.code))
  return {
    reasons: [
      ...standing(STANDARD.reasons),
      ...added('reason', STANDARD.reasons).map(({ kind: _, ...reason }) => reason),
    ],
    resolutions: [
      ...standing(STANDARD.resolutions),
      ...added('resolution', STANDARD.resolutions).map(({ code, words, active }) => ({ code, words, active })),
    ],
  }
}
