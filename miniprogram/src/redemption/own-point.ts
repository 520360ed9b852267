import type { Me } from '../../../shared/session/view'

/** The redemption point somebody works at, or null. */
export function pointOf(me: Me): string | null {
  return me.roles.find(({ redemptionPointId }) => redemptionPointId !== null)?.redemptionPointId ?? null
}
