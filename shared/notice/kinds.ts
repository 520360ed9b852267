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
  creditListed: 'audit',
  creditAppeal: 'audit',
  giftOffered: 'gift',
  giftAnswered: 'gift',
  kinDeclared: 'family',
  kinAnswered: 'family',
  recordEnds: 'clock',
  scanAgain: 'scan',
  correctionAsked: 'book',
  correctionAnswered: 'book',
  visitDue: 'flame',
  visitOverdue: 'alert',
  agreementDue: 'book',
} as const satisfies Record<string, IconName>
export type NoticeKind = keyof typeof NOTICE_KINDS
