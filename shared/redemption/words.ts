/** Free of zod: the desk shows these words, and so do its exports. */
export const REDEMPTION_STATE_WORDS: Record<string, string> = {
  held: '等人来领',
  fulfilled: '已领',
  cancelled: '已取消',
  expired: '已过期',
}
