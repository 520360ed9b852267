import type { Me, Role } from '../../../shared/session/view'

/**
 * What the interface offers to whom. The server decides; this only keeps what would be refused off the screen.
 * The lines are those of the table "who may do what".
 */
const POWERS = {
  look: ['villageStaff', 'townStaff', 'townAuditor', 'countyAdmin', 'cityAdmin', 'auditor'],
  lookAtPeople: ['villageStaff', 'townStaff', 'townAuditor', 'countyAdmin', 'cityAdmin', 'auditor'],
  exportPeople: ['villageStaff', 'townStaff', 'townAuditor', 'countyAdmin', 'auditor', 'redemptionPoint'],
  enrol: ['villageStaff', 'townStaff', 'countyAdmin'],
  enterPaper: ['villageStaff', 'townStaff'],
  order: ['villageStaff', 'townStaff', 'countyAdmin'],
  seeQueue: ['townStaff', 'townAuditor', 'countyAdmin', 'auditor'],
  approve: ['townStaff', 'townAuditor', 'countyAdmin'],
  approveRed: ['townAuditor', 'countyAdmin'],
  sellGoods: ['countyAdmin'],
  seeIdNumber: ['townStaff', 'countyAdmin'],
  suspend: ['townStaff', 'countyAdmin'],
  stock: ['townStaff', 'countyAdmin'],
  seeStaff: ['townStaff', 'countyAdmin', 'cityAdmin', 'auditor'],
  seeDataRequests: ['villageStaff', 'townStaff', 'countyAdmin', 'auditor'],
  erase: ['townStaff', 'countyAdmin'],
  seeLog: ['townStaff', 'countyAdmin', 'auditor'],
  seeUnmasked: ['countyAdmin', 'auditor'],
  seeMessages: ['townStaff', 'countyAdmin', 'cityAdmin', 'auditor'],
  makeReports: ['townStaff', 'countyAdmin', 'cityAdmin'],
  plan: ['countyAdmin', 'cityAdmin'],
  seeRedemptions: [
    'villageStaff',
    'townStaff',
    'townAuditor',
    'countyAdmin',
    'cityAdmin',
    'auditor',
    'redemptionPoint',
  ],
  fulfil: ['redemptionPoint'],
  govern: ['countyAdmin'],
  keepFunds: ['countyAdmin', 'cityAdmin'],
} as const satisfies Record<string, readonly Role[]>

export type Power = keyof typeof POWERS

export function may(me: Me, power: Power): boolean {
  const roles: readonly string[] = POWERS[power]
  return me.roles.some(({ role }) => roles.includes(role))
}
