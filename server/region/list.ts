import { Refusal } from '../../shared/core/refusals'
import type { Day } from '../../shared/core/time'
import { SETTINGS, type SettingKey } from '../../shared/region/settings'
import type { RegionDetail, RegionView } from '../../shared/region/view'
import { can } from '../../shared/session/permissions'
import { type Actor, mayOver, pathsOf } from '../core/actor'
import { type Db, type Reader, underPath } from '../core/db'
import { presentRegion, presentVersion } from './present'
import { isInForce, numbersOf, type Region, regionsOfPath } from './queries'
import { settingsInForce } from './settings'

const SEARCH_LIMIT = 50

/** Children of a region, or the roots of the actor's scope, or what is called like `q` in it; as of a day. */
export async function listRegions(
  db: Db,
  actor: Actor,
  query: { parentId?: string | undefined; q?: string | undefined; on?: Day | undefined },
  today: Day,
): Promise<RegionView[]> {
  const on = query.on ?? today
  const found = await (query.q !== undefined && query.q.trim() !== ''
    ? named(db, actor, query.q.trim())
    : query.parentId === undefined
      ? roots(db, actor)
      : childrenOn(db, actor, query.parentId, on, today))
  const shown = found.filter((one) => isInForce(one, on))
  return presentAll(db, shown)
}

/** @throws Refusal NOT_FOUND outside the actor's regions; those above are shown, not their neighbours */
export async function findRegionDetail(db: Db, actor: Actor, regionId: string, today: Day): Promise<RegionDetail> {
  const region = await db.region.findUnique({ where: { id: regionId } })
  const isAbove = region !== null && pathsOf(actor, can('region.read')).some((path) => path.startsWith(region.path))
  if (region === null || !(isAbove || mayOver(actor, can('region.read'), region.path))) throw new Refusal('NOT_FOUND')
  const [view] = await presentAll(db, [region])
  const trail = await regionsOfPath(db, region.path)
  const versions = await db.regionVersion.findMany({
    where: { regionId },
    orderBy: [{ validFrom: 'desc' }, { recordedAt: 'desc' }],
  })
  const parents = await db.region.findMany({ where: { id: { in: versions.flatMap((one) => one.parentId ?? []) } } })
  const kinds = await kindNames(db)
  const settings = await settingsInForce(db, region.path, today)
  return {
    ...(view as RegionView),
    trail: trail.map(({ id, name }) => ({ id, name })),
    versions: versions.map((one) =>
      presentVersion(one, kinds.get(one.kind), parents.find((each) => each.id === one.parentId)?.name),
    ),
    settings: Object.entries(SETTINGS).map(([key, { label, unit, kind, help }]) => ({
      key,
      label,
      unit,
      kind,
      help,
      ...settings[key as SettingKey],
    })),
  }
}

async function roots(db: Reader, actor: Actor): Promise<Region[]> {
  return db.region.findMany({
    where: { path: { in: pathsOf(actor, can('region.read')) } },
    orderBy: [{ code: 'asc' }, { no: 'asc' }],
  })
}

/** Contains the text in its name, in any case; or begins with the code. */
async function named(db: Reader, actor: Actor, q: string): Promise<Region[]> {
  const scope = pathsOf(actor, can('region.read')).map((path) => ({ path: underPath(path) }))
  if (scope.length === 0) return []
  return db.region.findMany({
    where: {
      AND: [
        { OR: scope },
        { OR: [{ name: { contains: q } }, { fullName: { contains: q } }, { code: { startsWith: q.toUpperCase() } }] },
      ],
    },
    orderBy: [{ path: 'asc' }],
    take: SEARCH_LIMIT,
  })
}

async function childrenOn(db: Reader, actor: Actor, parentId: string, on: Day, today: Day): Promise<Region[]> {
  const parent = await db.region.findUnique({ where: { id: parentId } })
  if (parent === null || !mayOver(actor, can('region.read'), parent.path)) throw new Refusal('NOT_FOUND')
  if (on === today) return db.region.findMany({ where: { parentId }, orderBy: [{ code: 'asc' }, { no: 'asc' }] })
  const everBelow = await db.regionVersion.findMany({
    where: { parentId, validFrom: { lte: on } },
    select: { regionId: true },
  })
  const regions = await db.region.findMany({ where: { id: { in: everBelow.map((one) => one.regionId) } } })
  const versions = await db.regionVersion.findMany({
    where: { regionId: { in: regions.map((one) => one.id) }, validFrom: { lte: on } },
    orderBy: [{ validFrom: 'desc' }, { recordedAt: 'desc' }],
  })
  return regions
    .map((region) => ({ ...region, ...asOf(versions.find((one) => one.regionId === region.id)) }))
    .filter((region) => region.parentId === parentId)
    .sort((a, b) => (a.code < b.code ? -1 : 1))
}

/** What a version says of a region; its path and county are those of today, for scope. */
function asOf(version: Pick<Region, 'code' | 'name' | 'fullName' | 'kind' | 'parentId'> | undefined) {
  if (version === undefined) return {}
  const { code, name, fullName, kind, parentId } = version
  return { code, name, fullName, kind, parentId }
}

export async function presentAll(db: Reader, regions: readonly Region[]): Promise<RegionView[]> {
  const kinds = await kindNames(db)
  const counts = await db.region.groupBy({
    by: ['parentId'],
    where: { parentId: { in: regions.map((one) => one.id) }, validTo: null },
    _count: true,
  })
  return regions.map((one) =>
    presentRegion(
      one,
      kinds.get(one.kind),
      numbersOf(one.path).length,
      counts.find((each) => each.parentId === one.id)?._count ?? 0,
    ),
  )
}

async function kindNames(db: Reader): Promise<Map<string, string>> {
  return new Map((await db.regionKind.findMany()).map((one) => [one.code, one.name]))
}
