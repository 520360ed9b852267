/** Free of zod: the desk shows these words, and so do its exports. */
export const ORDER_STATE_WORDS: Record<string, string> = {
  open: '等人接',
  accepted: '已接单',
  done: '已完成',
  cancelled: '已取消',
}
