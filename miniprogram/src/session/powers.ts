import { may } from '../../../shared/session/permissions'
import type { Me } from '../../../shared/session/view'

/** Staff who keep the registers of their villages: they telephone, assign, fix plates. The others only read. */
export function keepsRegisters(me: Me): boolean {
  return may(me, 'elder.keep')
}

export function isDesk(me: Me): boolean {
  return may(me, 'elder.read')
}

/** The post of who works at a counter. */
export function atCounter(me: Me): boolean {
  return may(me, 'redemption.atPoint')
}
