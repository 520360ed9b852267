import type { RegionDetail, RegionView } from '../../shared/region/view'
import type { Region } from './queries'

export function presentRegion(
  region: Region,
  kindName: string | undefined,
  depth: number,
  childCount: number,
): RegionView {
  return {
    id: region.id,
    code: region.code,
    name: region.name,
    fullName: region.fullName,
    kind: region.kind,
    kindName: kindName ?? region.kind,
    parentId: region.parentId,
    countyId: region.countyId,
    depth,
    childCount,
    validFrom: region.validFrom,
    validTo: region.validTo,
  }
}

type Version = Pick<Region, 'validFrom' | 'name' | 'fullName' | 'code' | 'kind'>

export function presentVersion(
  version: Version,
  kindName: string | undefined,
  parentName: string | undefined,
): RegionDetail['versions'][number] {
  return {
    validFrom: version.validFrom,
    name: version.name,
    fullName: version.fullName,
    code: version.code,
    kindName: kindName ?? version.kind,
    parentName: parentName ?? null,
  }
}
