import type { Role } from '../../shared/session/view'
import { type Actor, mayOver } from '../core/actor'

export const DECIDERS: readonly Role[] = ['townStaff', 'townAuditor', 'countyAdmin']
/** Red exceptions and appeals. */
export const RED_DECIDERS: readonly Role[] = ['townAuditor', 'countyAdmin']

export type Accountable = {
  regionPath: string
  memberPersonId: string
  enteredByPersonId: string | null
  confirmations: readonly { byPersonId: string }[]
}

export function mayDecide(actor: Actor, visit: Pick<Accountable, 'regionPath'>): boolean {
  return mayOver(actor, DECIDERS, visit.regionPath)
}

export function mayDecideRed(actor: Actor, visit: Pick<Accountable, 'regionPath'>): boolean {
  return mayOver(actor, RED_DECIDERS, visit.regionPath)
}

/** Who served it, typed it in, telephoned for it or confirmed it does not approve it. */
export function tookPart({ personId }: Actor, visit: Accountable): boolean {
  return [
    visit.memberPersonId,
    visit.enteredByPersonId,
    ...visit.confirmations.map(({ byPersonId }) => byPersonId),
  ].includes(personId)
}
