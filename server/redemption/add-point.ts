import type { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import { normalisePhone, whyNotPhone } from '../../shared/person/rules'
import type { addPointInput, pointInput } from '../../shared/redemption/input'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope } from '../core/actor'
import type { Db } from '../core/db'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { findPlaceInScope } from '../region/queries'

type PointInput = z.infer<typeof pointInput>

/** Opens a canteen, shop or office that hands things over. */
export async function addPoint(
  db: Db,
  actor: Actor,
  input: z.infer<typeof addPointInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'addPoint', input, at }, async () => {
      const { id, regionId, ...point } = input
      const region = await findPlaceInScope(tx, actor, can('product.keep'), regionId, dayOf(at))
      await tx.redemptionPoint.create({ data: { id, regionId, regionPath: region.path, ...columnsOf(point) } })
      await logOperation(tx, actor, {
        at,
        action: 'add',
        resource: 'redemptionPoint',
        resourceId: id,
        regionPath: region.path,
        after: point,
      })
      return { id }
    }),
  )
}

/** Replaces what is said of a point. One that is closed takes no new redemptions; what is held there can still be fetched. */
export async function changePoint(
  db: Db,
  actor: Actor,
  pointId: string,
  input: PointInput,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const before = await tx.redemptionPoint.findFirst({
      where: { id: pointId, ...inScope(actor, can('product.keep')) },
    })
    if (before === null) throw new Refusal('NOT_FOUND')
    await tx.redemptionPoint.update({ where: { id: pointId }, data: columnsOf(input) })
    const { id, regionId, regionPath, ...was } = before
    await logOperation(tx, actor, {
      at,
      action: 'change',
      resource: 'redemptionPoint',
      resourceId: id,
      regionPath,
      before: was,
      after: input,
    })
    return { id }
  })
}

function columnsOf(point: PointInput): PointInput {
  const code = point.phone === '' ? null : whyNotPhone(point.phone)
  if (code !== null) throw new Refusal(code, { field: 'phone' })
  return { ...point, phone: normalisePhone(point.phone) }
}
