import type { IconName } from '../core/pictures'

/** What somebody may be told about, with the icon it has in the list. */
export const NOTICE_KINDS = {
  alarm: 'alert',
  pointsExpiring: 'clock',
  paymentFreed: 'points',
  orderTaken: 'calendar',
  orderUnattended: 'calendar',
  complaintOpened: 'alert',
  complaintDecided: 'audit',
  giftOffered: 'gift',
  giftAnswered: 'gift',
  kinDeclared: 'family',
  kinAnswered: 'family',
  recordEnds: 'clock',
} as const satisfies Record<string, IconName>
export type NoticeKind = keyof typeof NOTICE_KINDS
