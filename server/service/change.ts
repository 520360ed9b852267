import { Refusal } from '../../shared/core/refusals'
import type { ServiceInput } from '../../shared/service/input'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope } from '../core/actor'
import type { Db } from '../core/db'
import { logOperation } from '../core/operation-log'
import { takenAs } from '../core/taken'
import { columnsOf, refuseBadItem } from './add'
import { presentService } from './present'

/** Replaces an item of the catalogue; the same again changes nothing more. Visits keep their service by id. */
export async function changeService(
  db: Db,
  actor: Actor,
  serviceId: string,
  input: ServiceInput,
  at: Date,
): Promise<{ id: string }> {
  refuseBadItem(input)
  return takenAs('SERVICE_CODE_TAKEN', { field: 'code' }, () =>
    db.$transaction(async (tx) => {
      const before = await tx.service.findFirst({ where: { id: serviceId, ...inScope(actor, can('service.keep')) } })
      if (before === null) throw new Refusal('NOT_FOUND')
      await tx.service.update({ where: { id: serviceId }, data: columnsOf(input) })
      const { id, regionId, forTier, ...was } = presentService(before, false)
      await logOperation(tx, actor, {
        at,
        action: 'change',
        resource: 'service',
        resourceId: id,
        regionPath: before.regionPath,
        before: was,
        after: input,
      })
      return { id }
    }),
  )
}
