import type { RefusalCode } from '../core/refusals'
import { can, type Permission } from './permissions'
import type { Role } from './view'

/** 四专员: who looks whether it was so, who approves, who settles what is in dispute, who watches over all three. */
export const DUTIES = ['verify', 'approve', 'arbitrate', 'supervise'] as const
export type Duty = (typeof DUTIES)[number]

export const DUTY_WORDS: Record<Duty, { words: string; does: string }> = {
  verify: { words: '核实专员', does: '电话回访、到户核查、批准纸单' },
  approve: { words: '审核专员', does: '通过或退回没有红色异常的服务' },
  arbitrate: { words: '复核专员', does: '红色异常、申诉、投诉、名单申诉' },
  supervise: { words: '监督专员', does: '双随机抽查、异常线索、列入和移出红黑名单' },
}

/** A duty narrows what a role may; it gives nobody more. */
const TAKES: Record<Duty, Permission> = {
  verify: 'visit.keep',
  approve: 'audit.decide',
  arbitrate: 'audit.decideRed',
  supervise: 'audit.decideRed',
}
/** Whoever could carry one of the four. */
export const REVIEWERS = can(...DUTIES.map((duty) => TAKES[duty]))

/** Why a role can't carry a duty, or null; of the four one person has one. */
export function whyNotDuty(role: Role, duty: Duty, others: readonly string[]): RefusalCode | null {
  if (!can(TAKES[duty]).includes(role)) return 'REVIEWER_ROLE'
  return others.some((one) => one !== '' && one !== duty) ? 'REVIEWER_ONE' : null
}

export function dutiesOf(role: Role): Duty[] {
  return DUTIES.filter((duty) => can(TAKES[duty]).includes(role))
}
