import type { z } from 'zod'
import { wgs84Of } from '../../shared/core/geo'
import { Refusal } from '../../shared/core/refusals'
import type { homePointInput } from '../../shared/elder/input'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope } from '../core/actor'
import type { Db } from '../core/db'
import { logOperation } from '../core/operation-log'
import { pointText } from '../elder/home-point'

/**
 * Where a site's plate hangs, measured by staff who stand there: visits to it are compared with that. Everybody may go there,
 * so it isn't sealed.
 *
 * @throws Refusal NOT_FOUND
 */
export async function setSitePoint(
  db: Db,
  actor: Actor,
  id: string,
  { place }: z.infer<typeof homePointInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const site = await tx.organisation.findFirst({ where: { id, ...inScope(actor, can('plate.keep')) } })
    if (site === null) throw new Refusal('NOT_FOUND')
    await tx.organisation.update({ where: { id }, data: { point: pointText(wgs84Of(place)) } })
    await logOperation(tx, actor, {
      ...{ at, action: 'sitePoint', resource: 'organisation', resourceId: id, regionPath: site.regionPath },
      after: { accuracyMetres: Math.round(place.accuracyMetres) },
    })
    return { id }
  })
}
