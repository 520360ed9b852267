/** Free of zod: the apps show these words. */
export const TRANSACTION_WORDS: Record<string, string> = {
  EARN: '帮忙得分',
  HOLD: '兑换预留',
  POST: '兑换',
  VOID: '兑换取消',
  REVERSE: '冲正',
  GRANT: '发放',
  ADVANCE: '垫付',
  REPAY: '归还垫付',
}
