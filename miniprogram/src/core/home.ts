import { may } from '../../../shared/session/permissions'
import type { Me } from '../../../shared/session/view'
import { currentFace } from './face'

/** Where this person begins. One person may be several things; the face chosen on the phone decides between helper and elder. */
export function homeOf(me: Me): string {
  const elderly = me.elder !== null || me.proxyOf.length > 0
  if (elderly && (currentFace().elder || me.member === null) && me.roles.length === 0) return '/elder/home'
  if (me.member !== null) return '/order/today'
  if (may(me, 'redemption.atPoint')) return '/redemption/fulfil'
  if (may(me, 'elder.read')) return '/report/field'
  return elderly ? '/elder/home' : '/person/me'
}
