import { pointsText } from '../core/amounts'

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
  BONUS: '奖励',
  PAY: '支付帮忙',
  DONATE: '捐给公益池',
  GIFT: '赠送',
  SETTLE: '结算',
  EXPIRE: '到期',
  RESTORE: '恢复到期积分',
  MANUAL: '手工记分',
  MERGE: '账户合并',
  FREEZE: '冻结',
  UNFREEZE: '解冻',
  IMPORT: '导入',
  TRANSFER_REGION: '跨区县转移',
  CLOSE: '销户',
}

/** Points that stay where they are: set aside for something, or free again. */
export function setAsideWords(milliPoints: string): string {
  return BigInt(milliPoints) < 0n ? `放回 ${pointsText(-BigInt(milliPoints))}` : `留出 ${pointsText(milliPoints)}`
}
