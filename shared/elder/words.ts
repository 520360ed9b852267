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
/** After which a visit is owed within hours, where a rule says so. */
export const EVENT_KINDS = ['change', 'discharge', 'alarm', 'heat', 'cold', 'festival'] as const
export const EVENT_WORDS: Record<(typeof EVENT_KINDS)[number], string> = {
  change: '情况变化',
  discharge: '出院回家',
  alarm: '紧急呼叫',
  heat: '高温天气',
  cold: '寒潮天气',
  festival: '节日慰问',
}
/** What may be declared for an area at once. */
export const AREA_EVENT_KINDS = ['heat', 'cold', 'festival', 'alarm', 'change'] as const
/** GB/T 42195. */
export const ABILITY_WORDS: Record<AbilityLevel, string> = {
  intact: '能力完好',
  mild: '轻度失能',
  moderate: '中度失能',
  severe: '重度失能',
  total: '完全失能',
}
export type AbilityLevel = 'intact' | 'mild' | 'moderate' | 'severe' | 'total'
export const PROXY_SCOPES = ['confirm', 'ask', 'redeem'] as const
export type ProxyScope = (typeof PROXY_SCOPES)[number]
/** What a proxy may do, as it is asked and as it is told; each is given apart. */
export const PROXY_SCOPE_PHRASES: Record<ProxyScope, string> = {
  confirm: '说谁来过',
  ask: '请人帮忙',
  redeem: '换东西',
}
