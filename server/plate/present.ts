import type { PlateView } from '../../shared/elder/view'
import type { Plate } from './queries'

type Names = Pick<PlateView, 'elderMaskedName' | 'organisationName' | 'regionName'>

/** Without its token: a list of plates must not be a sheet of them. */
export function presentPlate(plate: Plate, { elderMaskedName, organisationName, regionName }: Names): PlateView {
  return {
    id: plate.id,
    kind: plate.kind as PlateView['kind'],
    serial: plate.serial,
    elderId: plate.elderId,
    elderMaskedName,
    organisationName,
    label: plate.label,
    batchId: plate.batchId,
    issuedAt: plate.issuedAt.toISOString(),
    revokedAt: plate.revokedAt?.toISOString() ?? null,
    revokeReason: plate.revokeReason,
    regionId: plate.regionId,
    regionName,
  }
}
