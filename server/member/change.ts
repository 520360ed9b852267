import type { z } from 'zod'
import { Refusal, refuse } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import type { memberStateInput, memberTrainingInput } from '../../shared/member/input'
import { whyNotTrainings } from '../../shared/member/rules'
import { can } from '../../shared/session/permissions'
import type { Role } from '../../shared/session/view'
import { type Actor, inScope } from '../core/actor'
import type { Db, Tx } from '../core/db'
import { logOperation } from '../core/operation-log'
import { trainingsText } from './enrol'

/** Suspends, ends or takes back a helper; nobody does so for themselves. A visit in progress is still finished. */
export async function setMemberState(
  db: Db,
  actor: Actor,
  memberId: string,
  input: z.infer<typeof memberStateInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const member = await findToChange(tx, actor, can('member.suspend'), memberId)
    if (member.personId === actor.personId) throw new Refusal('NOT_ALLOWED')
    const moved = await tx.member.updateMany({
      where: { id: memberId, state: { not: input.state } },
      data: { state: input.state, endedDay: input.state === 'ended' ? dayOf(at) : null },
    })
    if (moved.count === 0) return { id: memberId }
    await logOperation(tx, actor, {
      at,
      action: 'state',
      resource: 'member',
      resourceId: memberId,
      regionPath: member.regionPath,
      before: { state: member.state },
      after: { state: input.state },
      purpose: input.reason,
    })
    return { id: memberId }
  })
}

/** Says which trainings a helper has passed, all of them. */
export async function setTrainings(
  db: Db,
  actor: Actor,
  memberId: string,
  input: z.infer<typeof memberTrainingInput>,
  at: Date,
): Promise<{ id: string }> {
  refuse(whyNotTrainings(input.trainings), { field: 'trainings' })
  return db.$transaction(async (tx) => {
    const member = await findToChange(tx, actor, can('member.keep'), memberId)
    const trainings = trainingsText(input.trainings)
    await tx.member.update({ where: { id: memberId }, data: { trainings } })
    await logOperation(tx, actor, {
      at,
      action: 'trainings',
      resource: 'member',
      resourceId: memberId,
      regionPath: member.regionPath,
      before: { trainings: member.trainings },
      after: { trainings },
    })
    return { id: memberId }
  })
}

async function findToChange(tx: Tx, actor: Actor, roles: readonly Role[], memberId: string) {
  const member = await tx.member.findFirst({ where: { id: memberId, ...inScope(actor, roles) } })
  if (member === null) throw new Refusal('NOT_FOUND')
  return member
}
