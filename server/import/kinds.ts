import type { ImportKindCode } from '../../shared/import/kinds'
import { assessmentImport } from './assessments'
import { balanceImport } from './balances'
import { elderImport } from './elders'
import type { ImportKind } from './kind'
import { memberImport } from './members'
import { ratingImport } from './ratings'
import { organisationImport, recordImport } from './registry'

const KINDS = {
  elders: elderImport,
  members: memberImport,
  assessments: assessmentImport,
  organisations: organisationImport,
  records: recordImport,
  ratings: ratingImport,
  balances: balanceImport,
} satisfies Record<ImportKindCode, unknown>

/** How a kind of sheet is judged, brought in and taken back; what it plans is its own business. */
export function kindOf(code: ImportKindCode): ImportKind<unknown> {
  return KINDS[code] as unknown as ImportKind<unknown>
}
