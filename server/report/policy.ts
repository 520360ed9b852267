import type { ReportKind } from '../../shared/report/templates'
import type { Role } from '../../shared/session/view'
import { type Actor, mayOver } from '../core/actor'
import type { Region } from '../region/queries'

/** Who has reports made. */
export const REPORT_MAKERS: readonly Role[] = ['townStaff', 'countyAdmin', 'cityAdmin']

/** Who signs what: the town its months, the county quarters and years, the city its own. */
export function maySign(actor: Actor, kind: ReportKind, region: Pick<Region, 'path' | 'countyId' | 'id'>): boolean {
  if (region.countyId === null) return mayOver(actor, ['cityAdmin'], region.path)
  const isTowns = kind === 'month' && region.id !== region.countyId
  return mayOver(actor, isTowns ? ['townStaff', 'countyAdmin'] : ['countyAdmin'], region.path)
}
