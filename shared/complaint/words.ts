export const COMPLAINT_KINDS = ['notDone', 'tooShort', 'manner', 'money', 'other'] as const
export type ComplaintKind = (typeof COMPLAINT_KINDS)[number]

/** As the elder says it. */
export const COMPLAINT_WORDS: Record<ComplaintKind, string> = {
  notDone: '说好的事没做',
  tooShort: '一会儿就走了',
  manner: '态度不好',
  money: '要钱要东西',
  other: '别的事，请来问我',
}
export const COMPLAINT_STATE_WORDS = { open: '正在核实', dismissed: '不属实', upheld: '属实' } as const
