import type { z } from 'zod'
import { Refusal, refuse } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import type { addMapInput } from '../../shared/region/input'
import { isProblem, MAP_BYTES_MAX, type MapPlace, readMap, whyNotApproval } from '../../shared/region/map'
import type { RegionMapView } from '../../shared/region/view'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope } from '../core/actor'
import { insertAll } from '../core/bulk'
import { type Db, type Reader, transact } from '../core/db'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { findRegionInScope } from './queries'

/** Who may put a map on everybody's board. */

/**
 * The county's own map, checked and drawn anew: what is kept has our names, numbers and nothing else.
 * @throws Refusal NOT_FOUND, MAP_APPROVAL, MAP_LARGE, MAP_FORMAT, MAP_CODE, MAP_TWICE, MAP_GEOMETRY
 */
export async function addMap(
  db: Db,
  actor: Actor,
  input: z.infer<typeof addMapInput>,
  at: Date,
): Promise<{ id: string }> {
  return transact(db, (tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'addMap', input, at }, async () => {
      const { id, regionId, approvalNo } = input
      const region = await findRegionInScope(tx, actor, can('region.map'), regionId)
      refuse(whyNotApproval(approvalNo), { field: 'approvalNo' })
      const bytes = Buffer.from(input.file, 'base64')
      refuse(bytes.length > MAP_BYTES_MAX ? 'MAP_LARGE' : null, { field: 'file' })
      const read = readMap(bytes.toString('utf8'), await placesBelow(tx, region.id, dayOf(at)))
      if (isProblem(read)) throw new Refusal(read.code, { field: 'file', ...read.detail })
      await insertAll(tx, 'region_map', [
        {
          ...{ id, regionId, regionPath: region.path, approvalNo, content: JSON.stringify(read) },
          ...{ places: read.features.length, byPersonId: actor.personId, recordedAt: at },
        },
      ])
      await logOperation(tx, actor, {
        ...{ at, action: 'add', resource: 'regionMap', resourceId: id, regionPath: region.path },
        after: { approvalNo, places: read.features.length },
      })
      return { id }
    }),
  )
}

/** Takes a map off the boards; the one before is shown again, or none. */
export async function withdrawMap(db: Db, actor: Actor, id: string, at: Date): Promise<{ id: string }> {
  return transact(db, async (tx) => {
    const map = await tx.regionMap.findFirst({ where: { id, ...inScope(actor, can('region.map')) } })
    if (map === null) throw new Refusal('NOT_FOUND')
    const { count } = await tx.regionMap.updateMany({
      where: { id, withdrawnAt: null },
      data: { withdrawnAt: at, withdrawnById: actor.personId },
    })
    if (count > 0)
      await logOperation(tx, actor, {
        ...{ at, action: 'withdraw', resource: 'regionMap', resourceId: id, regionPath: map.regionPath },
        before: { approvalNo: map.approvalNo },
      })
    return { id }
  })
}

/** The map of a place as its boards show it; null where nobody uploaded one. */
export async function mapOf(db: Reader, actor: Actor, regionId: string): Promise<RegionMapView> {
  const region = await findRegionInScope(db, actor, can('requirement.read'), regionId)
  const map = await db.regionMap.findFirst({
    where: { regionId: region.id, withdrawnAt: null },
    orderBy: [{ recordedAt: 'desc' }, { id: 'desc' }],
  })
  if (map === null) return { map: null }
  const { id, approvalNo, places, content } = map
  return { map: { id, approvalNo, places, content, since: dayOf(map.recordedAt) } }
}

function placesBelow(db: Reader, parentId: string, day: string): Promise<MapPlace[]> {
  return db.region.findMany({
    where: { parentId, validFrom: { lte: day }, OR: [{ validTo: null }, { validTo: { gte: day } }] },
    select: { id: true, code: true, name: true },
  })
}
