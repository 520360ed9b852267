import { can } from '../../shared/session/permissions'
import { type Actor, mayOver } from '../core/actor'

/** Whether the actor may see class C2 of a person who belongs to this place. */
export function seesClass2(actor: Actor, regionPath: string): boolean {
  return mayOver(actor, can('person.class2'), regionPath)
}
