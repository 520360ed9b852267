/** Free of zod: the apps show these words. */
export const CATEGORIES = [
  'livingAlone',
  'emptyNest',
  'leftBehind',
  'specialFamily',
  'severeDisability',
  'disabled',
  'poor',
] as const
export type Category = (typeof CATEGORIES)[number]
export const CATEGORY_WORDS: Record<Category, string> = {
  livingAlone: '独居',
  emptyNest: '空巢',
  leftBehind: '农村留守',
  specialFamily: '计划生育特殊家庭',
  severeDisability: '重残',
  disabled: '失能',
  poor: '分散特困',
}
export const EXIT_KINDS = ['hospital', 'away', 'died', 'moved', 'refused'] as const
export const EXIT_WORDS: Record<(typeof EXIT_KINDS)[number], string> = {
  hospital: '住院',
  away: '外出',
  died: '去世',
  moved: '迁出',
  refused: '本人不要',
}
/** The version of the consent text in use. */
export const CONSENT_TEXT = '2026-11'
