/** What people write for others: where it stands, and what the staff call it. */
export const TEXT_WORDS = {
  giftNote: '送积分时写的话',
  helperNote: '志愿者的说明',
  appeal: '志愿者的申诉',
  creditAppeal: '名单申诉',
  product: '兑换商品的名称和说明',
  organisation: '互助点、组织的名称',
} as const
export type TextKind = keyof typeof TEXT_WORDS
export const TEXT_KINDS = Object.keys(TEXT_WORDS) as [TextKind, ...TextKind[]]

/** What stands in its place while it is hidden. */
export const HIDDEN_TEXT = '这段文字没有通过审查，先不显示'

export const TEXT_STATE_WORDS = { review: '请您看看', hidden: '已经隐藏', fine: '可以显示' } as const
export type TextState = keyof typeof TEXT_STATE_WORDS

/** Why staff look at it. */
export const TEXT_REASON_WORDS: Record<string, string> = {
  risky: '微信说有问题，已先隐藏',
  review: '微信说拿不准',
  inactiveUser: '写的人两小时没用过小程序，微信不看',
  nobody: '写的人没有用微信登录，微信不看',
  badValue: '微信看不了这段文字',
  blocked: '微信不给这个人看',
  tries: '微信一直没有回答',
}
