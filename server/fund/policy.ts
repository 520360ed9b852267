import { can } from '../../shared/session/permissions'
import { type Actor, mayOver } from '../core/actor'
import type { Region } from '../region/queries'

export function mayKeep(actor: Actor, region: Pick<Region, 'path' | 'countyId'>): boolean {
  return mayOver(actor, can(region.countyId === null ? 'fund.keepCity' : 'fund.keepCounty'), region.path)
}
