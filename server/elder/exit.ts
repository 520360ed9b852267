import type { z } from 'zod'
import { Refusal, refuse } from '../../shared/core/refusals'
import { addDays, dayOf } from '../../shared/core/time'
import type { endTagInput, exitElderInput } from '../../shared/elder/input'
import { ENDING_EXITS, isEndedBy, whyNotEnd, whyNotExit } from '../../shared/elder/rules'
import type { Actor } from '../core/actor'
import type { Db } from '../core/db'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { findElderToChange } from './find'

/** Days on which nothing is owed, with who approved them. Who died or moved away is no longer served from then on. */
export async function exitElder(
  db: Db,
  actor: Actor,
  elderId: string,
  input: z.infer<typeof exitElderInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(
      tx,
      { key: input.id, personId: actor.personId, verb: 'exitElder', input: { elderId, ...input }, at },
      async () => {
        const elder = await findElderToChange(tx, actor, elderId)
        const exits = await tx.elderExit.findMany({ where: { elderId } })
        refuse(whyNotExit(exits, input, dayOf(at)), { field: 'validFrom' })
        const ended = exits.filter((one) => isEndedBy(one, input)).map((one) => one.id)
        await tx.elderExit.updateMany({ where: { id: { in: ended } }, data: { validTo: addDays(input.validFrom, -1) } })
        await tx.elderExit.create({ data: { ...input, elderId, approvedByPersonId: actor.personId, recordedAt: at } })
        if (ENDING_EXITS.includes(input.kind))
          await tx.elder.update({ where: { id: elderId }, data: { endedDay: input.validFrom } })
        const { kind, validFrom, validTo } = input
        await logOperation(tx, actor, {
          at,
          action: 'exit',
          resource: 'elder',
          resourceId: elderId,
          regionPath: elder.regionPath,
          after: { kind, validFrom, validTo },
        })
        return { id: elderId }
      },
    ),
  )
}

/** The elder is back, or was written off by mistake: the exit ends, the day included, and visits are owed again. */
export async function endExit(
  db: Db,
  actor: Actor,
  elderId: string,
  exitId: string,
  input: z.infer<typeof endTagInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const elder = await findElderToChange(tx, actor, elderId)
    const exit = await tx.elderExit.findUnique({ where: { id: exitId } })
    if (exit === null || exit.elderId !== elderId) throw new Refusal('NOT_FOUND')
    if (exit.validTo === input.validTo) return { id: elderId }
    refuse(whyNotEnd(exit, input.validTo), { field: 'validTo' })
    const ended = await tx.elderExit.updateMany({
      where: { id: exitId, validTo: null },
      data: { validTo: input.validTo },
    })
    if (ended.count === 0) throw new Refusal('CHANGED_MEANWHILE')
    if (ENDING_EXITS.includes(exit.kind)) await tx.elder.update({ where: { id: elderId }, data: { endedDay: null } })
    await logOperation(tx, actor, {
      at,
      action: 'endExit',
      resource: 'elder',
      resourceId: elderId,
      regionPath: elder.regionPath,
      after: { kind: exit.kind, validTo: input.validTo },
    })
    return { id: elderId }
  })
}
