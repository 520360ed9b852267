import type { Channel } from './kinds'

export const CHANNEL_WORDS: Record<Channel, string> = { wechat: '微信', sms: '短信' }

export const MESSAGE_STATE_WORDS = {
  waiting: '等着发',
  sending: '正在发',
  sent: '发出了',
  unclear: '不知到没到',
  dropped: '只在消息里',
} as const

/** Why a message did not go out, or not yet. */
export const MESSAGE_REASON_WORDS: Record<string, string> = {
  quiet: '夜里不打扰',
  read: '已经看过了',
  late: '太晚了，不再发',
  switchedOff: '这里没有开',
  nobody: '没有微信也没有手机号',
  noChannel: '没有接通微信和短信',
  noConsent: '本人没有同意微信提醒',
  busy: '对方忙，过会儿再发',
  tooOften: '今天的次数用完了',
  unreachable: '没有回音',
  refused: '对方不收',
  badValue: '内容对方不收',
  blocked: '账号被对方停用',
  misconfigured: '接入设置不对，请管理员看看',
  inactiveUser: '很久没有用过',
  codeInvalid: '对方不收',
  codeUsed: '对方不收',
  lost: '发到一半断了，不再发',
  tries: '试了几次都没成',
}

export const NOTICE_KIND_WORDS: Record<string, string> = {
  alarm: '老人求助',
  pointsExpiring: '积分快到期',
  paymentFreed: '积分退回',
  orderTaken: '有人接单',
  orderUnattended: '需求没人接',
  complaintOpened: '要核实的投诉',
  complaintDecided: '反映的结果',
  giftOffered: '有人送积分',
  giftAnswered: '送积分的回音',
  kinDeclared: '登记家人',
  kinAnswered: '登记家人的回音',
  recordEnds: '资料快到期',
}
