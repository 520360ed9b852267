import type { z } from 'zod'
import { type Point, wgs84Of } from '../../shared/core/geo'
import type { homePointInput } from '../../shared/elder/input'
import type { Actor } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db } from '../core/db'
import { logOperation } from '../core/operation-log'
import { sealForPerson } from '../person/vault'
import { findElderToChange } from './find'

/** Where the plate was fixed: kept in WGS-84, whatever the phone measured in, to a tenth of a metre. */
export async function setHomePoint(
  db: Db,
  keys: Keys,
  actor: Actor,
  elderId: string,
  input: z.infer<typeof homePointInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const elder = await findElderToChange(tx, actor, elderId)
    const homePointSealed = await sealForPerson(
      tx,
      keys,
      elder.personId,
      'elder',
      'homePoint',
      pointText(wgs84Of(input.place)),
    )
    await tx.elder.update({ where: { id: elderId }, data: { homePointSealed } })
    await logOperation(tx, actor, {
      at,
      action: 'homePoint',
      resource: 'elder',
      resourceId: elderId,
      regionPath: elder.regionPath,
      after: { accuracyMetres: Math.round(input.place.accuracyMetres) },
    })
    return { id: elderId }
  })
}

/** How a point is sealed: WGS-84 degrees. */
export function pointText({ lat, lon }: Point): string {
  return `${lat.toFixed(6)},${lon.toFixed(6)}`
}
