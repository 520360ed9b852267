import type { z } from 'zod'
import type { consentInput } from '../../shared/person/input'
import type { Actor } from '../core/actor'
import type { Db } from '../core/db'
import { logOperation } from '../core/operation-log'
import { consentRows } from '../person/consent'
import { findElderToChange } from './find'

/** Writes down what the elder agreed to; the same text in the same way is there once. */
export async function addConsent(
  db: Db,
  actor: Actor,
  elderId: string,
  input: z.infer<typeof consentInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const elder = await findElderToChange(tx, actor, elderId)
    const given = await tx.consent.count({ where: { personId: elder.personId, withdrawnAt: null, ...input } })
    if (given > 0) return { id: elderId }
    await tx.consent.createMany({ data: consentRows(elder.personId, actor, [input], at) })
    await logOperation(tx, actor, {
      at,
      action: 'consent',
      resource: 'elder',
      resourceId: elderId,
      regionPath: elder.regionPath,
      after: input,
    })
    return { id: elderId }
  })
}
