import { can } from '../../shared/session/permissions'
import { type Actor, isSelf, mayOver } from '../core/actor'

export type Accountable = {
  regionPath: string
  memberPersonId: string
  enteredByPersonId: string | null
  confirmations: readonly { byPersonId: string }[]
}

export function mayDecide(actor: Actor, visit: Pick<Accountable, 'regionPath'>): boolean {
  return mayOver(actor, can('audit.decide'), visit.regionPath)
}

export function mayDecideRed(actor: Actor, visit: Pick<Accountable, 'regionPath'>): boolean {
  return mayOver(actor, can('audit.decideRed'), visit.regionPath)
}

/** Who served it, typed it in, telephoned for it or confirmed it does not approve it. */
export function tookPart(actor: Actor, visit: Accountable): boolean {
  return [
    visit.memberPersonId,
    visit.enteredByPersonId,
    ...visit.confirmations.map(({ byPersonId }) => byPersonId),
  ].some((personId) => isSelf(actor, personId))
}
