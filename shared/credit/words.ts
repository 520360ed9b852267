/** From the best to the worst. */
export const GRADES = ['5A', '4A', '3A', '2A', 'A'] as const
export type Grade = (typeof GRADES)[number]
/** Whoever is on the black list has the last one, whatever the counts say. */
export const LAST_GRADE: Grade = 'A'
export const NO_GRADE_WORDS = '次数还少，没有评级'

export function gradeWords(grade: string | null): string {
  return grade === null ? NO_GRADE_WORDS : `${grade} 级`
}

/** What a rule may count, as it is said to whom it is about. */
export const COUNTS = {
  spotClean: { words: '抽查属实', unit: '次' },
  spotProblem: { words: '抽查有问题', unit: '次' },
  complaint: { words: '投诉属实', unit: '次' },
  noShow: { words: '失约', unit: '次' },
  anomaly: { words: '异常线索属实', unit: '件' },
  returned: { words: '服务被退回', unit: '次' },
  goodRating: { words: '老人给笑脸', unit: '次' },
  lowRating: { words: '老人不满意', unit: '次' },
  goodCall: { words: '回访满意', unit: '次' },
  lowCall: { words: '回访不满意', unit: '次' },
  training: { words: '参加培训', unit: '次' },
  honour: { words: '表扬奖励', unit: '次' },
  hours: { words: '服务时间', unit: '小时' },
} as const
export type Count = keyof typeof COUNTS
export const COUNT_NAMES = Object.keys(COUNTS) as [Count, ...Count[]]

export const LIST_WORDS = { red: '红名单', black: '黑名单' } as const
export type ListName = keyof typeof LIST_WORDS
export const LISTING_STATE_WORDS = {
  proposed: '等第二人决定',
  inForce: '已列入',
  refused: '不列入',
  lifted: '已移出',
} as const
export const APPEAL_STATE_WORDS = { waiting: '正在看', upheld: '有道理，已移出', rejected: '维持' } as const
