/** Free of zod: the desk shows these words, and so do its exports. */
export const REDEMPTION_STATE_WORDS: Record<string, string> = {
  held: '等人来领',
  fulfilled: '已领',
  cancelled: '已取消',
  expired: '已过期',
  reversed: '已冲正',
}
export const PRODUCT_KIND_WORDS: Record<string, string> = {
  goods: '物品',
  meal: '餐食',
  service: '服务',
  yuan: '抵现金',
}
export const MEAL_WORDS: Record<string, string> = { breakfast: '早饭', lunch: '午饭', supper: '晚饭' }
export const PERIOD_WORDS: Record<string, string> = {
  never: '不自动补',
  day: '每天补满',
  week: '每周补满',
  month: '每月补满',
}
