import type { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import type { addServiceInput, ServiceInput } from '../../shared/service/input'
import { whyNotService } from '../../shared/service/rules'
import { can } from '../../shared/session/permissions'
import type { Actor } from '../core/actor'
import type { Db } from '../core/db'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { takenAs } from '../core/taken'
import { findPlaceInScope } from '../region/queries'

/**
 * Adds an item to the catalogue of a county or a place in it.
 * @throws Refusal SERVICE_CODE_TAKEN
 */
export async function addService(
  db: Db,
  actor: Actor,
  input: z.infer<typeof addServiceInput>,
  at: Date,
): Promise<{ id: string }> {
  return takenAs('SERVICE_CODE_TAKEN', { field: 'code' }, () =>
    db.$transaction((tx) =>
      once(tx, { key: input.id, personId: actor.personId, verb: 'addService', input, at }, async () => {
        const { id, regionId, ...item } = input
        const region = await findPlaceInScope(tx, actor, can('service.keep'), regionId, dayOf(at))
        refuseBadItem(item)
        await tx.service.create({ data: { id, regionId, regionPath: region.path, ...columnsOf(item) } })
        await logOperation(tx, actor, {
          at,
          action: 'add',
          resource: 'service',
          resourceId: id,
          regionPath: region.path,
          after: item,
        })
        return { id }
      }),
    ),
  )
}

export function refuseBadItem(item: ServiceInput): void {
  const reason = whyNotService(item)
  if (reason !== null) throw new Refusal(reason.code, { field: reason.field })
}

/** As the row keeps it: lists are text. */
export function columnsOf({ natures, tasks, traits, ...rest }: ServiceInput) {
  return { ...rest, natures: natures.join(','), traits: [...new Set(traits)].join(','), tasks: JSON.stringify(tasks) }
}
