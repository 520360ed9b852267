import type { z } from 'zod'
import { Refusal, refuse } from '../../shared/core/refusals'
import type { endTagInput, tagElderInput } from '../../shared/elder/input'
import { consentsNeeded, whyNotEnd, whyNotTag } from '../../shared/elder/rules'
import type { Actor } from '../core/actor'
import type { Db } from '../core/db'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { findElderToChange } from './find'

/** Gives a category from a day on; what it requires begins that day. */
export async function tagElder(
  db: Db,
  actor: Actor,
  elderId: string,
  input: z.infer<typeof tagElderInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(
      tx,
      { key: input.id, personId: actor.personId, verb: 'tagElder', input: { elderId, ...input }, at },
      async () => {
        const elder = await findElderToChange(tx, actor, elderId)
        refuse(whyNotTag(await tx.elderCategory.findMany({ where: { elderId } }), input), { field: 'category' })
        const consents = await tx.consent.findMany({ where: { personId: elder.personId, withdrawnAt: null } })
        const missing = consentsNeeded({ hasIdNumber: false, categories: [input.category] }).find(
          (kind) => kind !== 'service' && !consents.some((one) => one.kind === kind),
        )
        if (missing !== undefined) throw new Refusal('CONSENT_NEEDED', { field: 'category', needed: missing })
        await tx.elderCategory.create({
          data: { ...input, elderId, validTo: null, byPersonId: actor.personId, recordedAt: at },
        })
        await logOperation(tx, actor, {
          at,
          action: 'tag',
          resource: 'elder',
          resourceId: elderId,
          regionPath: elder.regionPath,
          after: { category: input.category, validFrom: input.validFrom },
        })
        return { id: elderId }
      },
    ),
  )
}

/** Ends a category, the day included. */
export async function endTag(
  db: Db,
  actor: Actor,
  elderId: string,
  tagId: string,
  input: z.infer<typeof endTagInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const elder = await findElderToChange(tx, actor, elderId)
    const tag = await tx.elderCategory.findUnique({ where: { id: tagId } })
    if (tag === null || tag.elderId !== elderId) throw new Refusal('NOT_FOUND')
    if (tag.validTo === input.validTo) return { id: elderId }
    refuse(whyNotEnd(tag, input.validTo), { field: 'validTo' })
    const ended = await tx.elderCategory.updateMany({
      where: { id: tagId, validTo: null },
      data: { validTo: input.validTo },
    })
    if (ended.count === 0) throw new Refusal('CHANGED_MEANWHILE')
    await logOperation(tx, actor, {
      at,
      action: 'endTag',
      resource: 'elder',
      resourceId: elderId,
      regionPath: elder.regionPath,
      after: { category: tag.category, validTo: input.validTo },
    })
    return { id: elderId }
  })
}
