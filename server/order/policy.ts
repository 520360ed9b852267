import { can } from '../../shared/session/permissions'
import { type Actor, mayOver } from '../core/actor'

type OrderOf = { elderId: string; regionPath: string; memberId: string | null; state: string }
export type Origin = 'elder' | 'proxy' | 'staff'

/** In which capacity the actor may ask for this elder, or null. */
export function originOf(actor: Actor, elder: { id: string; regionPath: string }): Origin | null {
  if (actor.elder?.id === elder.id) return 'elder'
  if (actor.proxyOf.some((proxy) => proxy.elderId === elder.id && proxy.scopes.includes('ask'))) return 'proxy'
  return mayOver(actor, can('order.keep'), elder.regionPath) ? 'staff' : null
}

/** Those who asked or were asked for, the desk of the place, who took it, and helpers nearby while it is open. */
export function mayRead(actor: Actor, order: OrderOf): boolean {
  if (isOwnElder(actor, order.elderId) || mayOver(actor, can('order.read'), order.regionPath)) return true
  if (actor.member === null) return false
  return (
    order.memberId === actor.member.id ||
    (order.state === 'open' && order.regionPath.startsWith(nearbyOf(actor.member)))
  )
}

export function mayAssign(actor: Actor, order: { regionPath: string }): boolean {
  return mayOver(actor, can('order.keep'), order.regionPath)
}

export function isOwnElder(actor: Actor, elderId: string): boolean {
  return actor.elder?.id === elderId || actor.proxyOf.some((proxy) => proxy.elderId === elderId)
}

/** Helpers see what is asked for in their own village and the other villages of its town. */
export function nearbyOf(member: { regionPath: string }): string {
  return member.regionPath.replace(/[^/]+\/$/, '')
}
