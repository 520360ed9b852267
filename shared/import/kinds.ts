/** What can be brought in from a sheet, and how it is called. */
export const IMPORT_KINDS = {
  elders: { word: '老人', unit: '位' },
  members: { word: '志愿者', unit: '位' },
  assessments: { word: '能力评估', unit: '份', stays: true },
  organisations: { word: '互助点和组织', unit: '处' },
  records: { word: '培训、奖励、保险', unit: '条' },
  ratings: { word: '电话回访评价', unit: '条', stays: true },
  /** asked for: a second person agrees to it, and it is not taken back here */
  balances: { word: '积分余额', unit: '人', stays: true },
} as const
/** What is written once and for all: a batch of it is never taken back. */
export const stays = (kind: ImportKindCode): boolean => 'stays' in IMPORT_KINDS[kind]
export type ImportKindCode = keyof typeof IMPORT_KINDS
export const IMPORT_KIND_CODES = Object.keys(IMPORT_KINDS) as [ImportKindCode, ...ImportKindCode[]]
