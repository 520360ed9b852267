import type { Me, Role } from '../../../shared/session/view'

/** Staff who keep the registers of their villages: they telephone, assign, fix plates. The others only read. */
const REGISTRARS: readonly Role[] = ['villageStaff', 'townStaff', 'countyAdmin']

export function keepsRegisters(me: Me): boolean {
  return me.roles.some(({ role }) => REGISTRARS.includes(role))
}

export function isDesk(me: Me): boolean {
  return me.roles.some(({ role }) => role !== 'redemptionPoint')
}
