import type { Role } from '../../shared/session/view'
import { type Actor, mayOver } from '../core/actor'
import type { Region } from '../region/queries'

/** Who asks for a line and who agrees: the city for its own money, the county for all below. */
export const FUND_KEEPERS: readonly Role[] = ['countyAdmin', 'cityAdmin']

export function mayKeep(actor: Actor, region: Pick<Region, 'path' | 'countyId'>): boolean {
  return mayOver(actor, [region.countyId === null ? 'cityAdmin' : 'countyAdmin'], region.path)
}
