import { Refusal } from '../../shared/core/refusals'
import type { MissedCallInput } from '../../shared/visit/input'
import type { Actor } from '../core/actor'
import type { Db, Reader } from '../core/db'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { whyNotAnswer } from './policy'

const ACTION = 'missCall'

/**
 * Staff rang and nobody picked up: it changes nothing about the visit, but whoever rings next should know.
 *
 * @throws Refusal NOT_FOUND, NOT_ALLOWED, CONFIRM_OWN
 */
export async function missCall(
  db: Db,
  actor: Actor,
  visitId: string,
  input: MissedCallInput,
  at: Date,
): Promise<{ missedCallAt: string }> {
  return db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: ACTION, input: { visitId, ...input }, at }, async () => {
      const visit = await tx.visit.findUnique({ where: { id: visitId }, include: { elders: true } })
      if (visit === null) throw new Refusal('NOT_FOUND')
      const reason = whyNotAnswer(actor, visit, { elderId: input.elderId, how: 'phone' })
      if (reason !== null) throw new Refusal(reason)
      await logOperation(tx, actor, {
        at,
        action: ACTION,
        resource: 'visit',
        resourceId: visitId,
        regionPath: visit.regionPath,
        after: { elderId: input.elderId },
      })
      return { missedCallAt: at.toISOString() }
    }),
  )
}

export type MissedCalls = { times: number; lastAt: Date }

/** How often staff rang in vain for each of these visits, and when last. */
export async function missedCallsOf(db: Reader, visitIds: readonly string[]): Promise<Map<string, MissedCalls>> {
  const calls = await db.operationLog.findMany({
    where: { resource: 'visit', resourceId: { in: [...visitIds] }, action: ACTION },
    select: { resourceId: true, at: true },
    orderBy: { at: 'asc' },
  })
  const missed = new Map<string, MissedCalls>()
  for (const { resourceId, at } of calls)
    missed.set(resourceId, { times: (missed.get(resourceId)?.times ?? 0) + 1, lastAt: at })
  return missed
}
