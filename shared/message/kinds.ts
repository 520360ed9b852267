import type { NoticeKind } from '../notice/kinds'

export const CHANNELS = ['wechat', 'sms'] as const
export type Channel = (typeof CHANNELS)[number]

/** What people agree to in WeChat: a template each. Three fit into one question. */
export const SUBJECTS = { help: '帮忙的进展', points: '积分的变动', desk: '要办的事' } as const
export type Subject = keyof typeof SUBJECTS

/**
 * What is said of a kind outside of the app: nobody's name, number or place, nor what it is about in detail, for a locked
 * screen and a telephone company read it too.
 */
type Outside = {
  subject: Subject
  /** a `thing` of a template: at most 20 characters */
  words: string
  /** goes out at night as well */
  isUrgent?: true
  /** costs money, so only where it is needed; a place may switch it otherwise */
  sms?: true
}

const OUTSIDE: Partial<Record<NoticeKind, Outside>> = {
  alarm: { subject: 'desk', words: '有老人求助，请马上处理', isUrgent: true, sms: true },
  pointsExpiring: { subject: 'points', words: '有积分快到期了' },
  paymentFreed: { subject: 'points', words: '留出来的积分退回了' },
  orderTaken: { subject: 'help', words: '有人来帮忙了' },
  orderUnattended: { subject: 'desk', words: '有需求还没人接', sms: true },
  complaintOpened: { subject: 'desk', words: '有一件事要核实' },
  complaintDecided: { subject: 'help', words: '反映的事有结果了' },
  giftOffered: { subject: 'points', words: '有人要送您积分' },
  giftAnswered: { subject: 'points', words: '送的积分有回音了' },
  kinDeclared: { subject: 'points', words: '有一件家人的事请您看' },
  kinAnswered: { subject: 'points', words: '家人登记有回音了' },
  recordEnds: { subject: 'desk', words: '有一份资料快到期了' },
}

/** A kind without words of its own says only that there is something. */
export function outsideOf(kind: string): Outside {
  return OUTSIDE[kind as NoticeKind] ?? { subject: 'help', words: '您有一条新消息' }
}

/** What holds where no place has switched anything: WeChat always, for it only reaches who agreed. */
export function isOnByStandard(kind: string, channel: Channel): boolean {
  return channel === 'wechat' || outsideOf(kind).sms === true
}
