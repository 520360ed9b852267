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
} as const satisfies Record<string, { words: string; for: readonly ('approve' | 'return' | 'exception')[] }>
export type ReasonCode = keyof typeof REASONS

/** How an exception was settled. */
export const RESOLUTIONS = {
  verifiedByPhone: '电话核实',
  verifiedOnSite: '上门核实',
  explainedByHelper: '志愿者说明，采信',
  acceptedAsIs: '不影响，予以认可',
} as const
export type ResolutionCode = keyof typeof RESOLUTIONS
