import type { RefusalCode } from '../core/refusals'
import { addDays, type Day } from '../core/time'
import type { RequestKind } from '../ledger/rules'
import type { Relation } from '../scheme/document'
import { APART, DUTIES, type Permission } from '../session/permissions'
import type { Role } from '../session/view'

/**
 * Why somebody with these roles can't give, end or turn off this one. An auditor is given by whoever governs the county; the
 * three administrators by security administrators, the first of them by the operator.
 */
export function whyNotGiveRole(own: readonly Role[], role: Role): RefusalCode | null {
  return own.some((one) => DUTIES[one].rank >= DUTIES[role].rank) ? null : 'NOT_ALLOWED'
}

/** Held alone: who checks others does no work of theirs, and the three administrators are three persons. */
const ALONE: readonly Role[] = ['auditor', ...APART]

/** Why this person can't hold the role beside those they hold. */
export function whyNotHoldRole(held: readonly Role[], role: Role): RefusalCode | null {
  const others = held.filter((one) => one !== role)
  const clashes = ALONE.includes(role) ? others.length > 0 : others.some((one) => ALONE.includes(one))
  return clashes ? 'ROLE_CONFLICT' : null
}

/** Why somebody with these posts can't do the duties of another for a time: of the same or a higher level, and none held alone. */
export function whyNotStandIn(own: readonly Role[], role: Role): RefusalCode | null {
  if (ALONE.includes(role) && role !== 'securityAdmin') return 'NOT_ALLOWED'
  if (own.some((one) => ALONE.includes(one)) !== ALONE.includes(role)) return 'ROLE_CONFLICT'
  return own.some((one) => DUTIES[one].rank >= DUTIES[role].rank) ? null : 'NOT_ALLOWED'
}

type MergeSide = { elder: unknown; hasPost: boolean; isServing: boolean }

/**
 * Why the first of two records can't go into the second. What is sealed for an elder can't change its owner: the record with
 * the elder stays; of two elders one ends. Visits keep the record they were served under, whichever goes.
 */
export function whyNotMerge(from: MergeSide, into: MergeSide): RefusalCode | null {
  if (from.hasPost) return 'MERGE_STAFF'
  if (from.isServing) return 'MERGE_SERVING'
  return from.elder !== undefined && into.elder === undefined ? 'MERGE_DIRECTION' : null
}

/** Why a role can't end on a day. The last day is included, so yesterday ends it at once; further back is history. */
export function whyNotEndRole(role: { validFrom: Day }, validTo: Day, today: Day): RefusalCode | null {
  if (validTo < addDays(today, -1)) return 'DATE_IN_PAST'
  return validTo < role.validFrom && role.validFrom <= today ? 'DATE_ORDER' : null
}

/** What asking the books for it takes; the county's second person decides. */
export const MAY_ASK: Record<RequestKind, Permission> = {
  MANUAL: 'points.askMove',
  GRANT: 'points.askGrant',
  RESTORE: 'points.askGrant',
  REVERSE: 'points.askFreeze',
  FREEZE: 'points.askFreeze',
  UNFREEZE: 'points.askFreeze',
  CLOSE: 'points.askMove',
  TRANSFER_REGION: 'points.askMove',
  SETTLE: 'points.askGrant',
  IMPORT: 'points.askGrant',
}

/** Names of trainings as a member keeps them: each once; a comma would be two. */
export function whyNotTrainings(trainings: readonly string[]): RefusalCode | null {
  return trainings.some((one) => /[,，]/.test(one)) ? 'BAD_INPUT' : null
}

const INVERSE: Record<Relation, Relation> = {
  self: 'self',
  spouse: 'spouse',
  parent: 'child',
  grandparent: 'grandchild',
  child: 'parent',
  grandchild: 'grandparent',
  sibling: 'sibling',
  otherRelative: 'otherRelative',
  friend: 'friend',
}

/** What the other is to this one of the two: who declared it wrote it down from his side. */
export function relationFor(kin: { personId: string; relation: Relation }, personId: string): Relation {
  return kin.personId === personId ? kin.relation : INVERSE[kin.relation]
}
