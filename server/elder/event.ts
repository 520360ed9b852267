import type { z } from 'zod'
import { refuse } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import type { elderEventInput } from '../../shared/elder/input'
import type { Actor } from '../core/actor'
import type { Db } from '../core/db'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { findElderToChange } from './find'

/** Something happened to the elder: where a rule says "within n hours", a visit is owed from this moment on. */
export async function recordEvent(
  db: Db,
  actor: Actor,
  elderId: string,
  input: z.infer<typeof elderEventInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(
      tx,
      { key: input.id, personId: actor.personId, verb: 'recordEvent', input: { elderId, ...input }, at },
      async () => {
        const elder = await findElderToChange(tx, actor, elderId)
        const happenedAt = new Date(input.happenedAt)
        refuse(happenedAt > at ? 'DATE_IN_FUTURE' : null, { field: 'happenedAt' })
        const { id, kind, note } = input
        await tx.elderEvent.create({
          data: {
            id,
            kind,
            note,
            elderId,
            happenedAt,
            day: dayOf(happenedAt),
            byPersonId: actor.personId,
            recordedAt: at,
          },
        })
        await logOperation(tx, actor, {
          at,
          action: 'event',
          resource: 'elder',
          resourceId: elderId,
          regionPath: elder.regionPath,
          after: { kind, happenedAt },
        })
        return { id: elderId }
      },
    ),
  )
}
