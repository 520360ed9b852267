import type { z } from 'zod'
import { refuse } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import type { setSettingInput } from '../../shared/region/input'
import { whyNotFrom, whyNotSetting } from '../../shared/region/rules'
import { can } from '../../shared/session/permissions'
import type { Actor } from '../core/actor'
import type { Db } from '../core/db'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { findRegionInScope } from './queries'
import { forgetSettings } from './settings'

/** Sets a value for a region and all below it, from a day on; never changes what held before. */
export async function setSetting(
  db: Db,
  actor: Actor,
  regionId: string,
  input: z.infer<typeof setSettingInput>,
  at: Date,
): Promise<{ id: string }> {
  const outcome = await db.$transaction((tx) =>
    once(
      tx,
      { key: input.id, personId: actor.personId, verb: 'setSetting', input: { regionId, ...input }, at },
      async () => {
        const { id, key, value, validFrom } = input
        const region = await findRegionInScope(tx, actor, can('region.govern'), regionId)
        refuse(whyNotSetting(key, value), { field: 'value' })
        refuse(whyNotFrom(validFrom, dayOf(at)), { field: 'validFrom' })
        // Holds the region's row until the commit: of two who set the same at once the second gets the next version.
        await tx.$executeRaw`UPDATE region SET "name" = "name" WHERE "id" = ${regionId}`
        const version = (await tx.setting.count({ where: { regionId, key } })) + 1
        await tx.setting.create({
          data: {
            id,
            regionId,
            key,
            version,
            validFrom,
            value: JSON.stringify(value),
            byPersonId: actor.personId,
            recordedAt: at,
          },
        })
        await logOperation(tx, actor, {
          at,
          action: 'set',
          resource: 'setting',
          resourceId: id,
          regionPath: region.path,
          after: { key, value, validFrom },
        })
        return { id: regionId }
      },
    ),
  )
  forgetSettings(db)
  return outcome
}
