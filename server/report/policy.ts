import type { ReportKind } from '../../shared/report/templates'
import { can } from '../../shared/session/permissions'
import { type Actor, mayOver } from '../core/actor'
import type { Region } from '../region/queries'

/** Who signs what: the town its months, the county quarters and years, the city its own. */
export function maySign(actor: Actor, kind: ReportKind, region: Pick<Region, 'path' | 'countyId' | 'id'>): boolean {
  if (region.countyId === null) return mayOver(actor, can('report.signCity'), region.path)
  const isTowns = kind === 'month' && region.id !== region.countyId
  return mayOver(actor, can(isTowns ? 'report.signTown' : 'report.signCounty'), region.path)
}
