import type { Role } from '../../shared/session/view'
import { type Actor, mayOver } from '../core/actor'

/** Phone, address, birth date and what tells of health. A city's staff see masked names and villages, and figures. */
const CLASS_2: readonly Role[] = ['villageStaff', 'townStaff', 'townAuditor', 'countyAdmin', 'auditor']

/** Whether the actor may see class C2 of a person who belongs to this place. */
export function seesClass2(actor: Actor, regionPath: string): boolean {
  return mayOver(actor, CLASS_2, regionPath)
}
