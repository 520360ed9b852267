import type { z } from 'zod'
import type { decideComplaintInput } from '../../shared/complaint/input'
import { Refusal, type RefusalCode, refuse } from '../../shared/core/refusals'
import { decideWithin } from '../audit/decide'
import { readApart, whyNotStep } from '../audit/duties'
import { UPHELD_COMPLAINT } from '../audit/fine'
import type { Actor } from '../core/actor'
import type { Db, Tx } from '../core/db'
import { idFrom } from '../core/ids'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { unfreeze } from '../ledger/freeze'
import { type Notice, notify } from '../notice/notify'
import type { Complaint } from './open'
import { mayDecide } from './policy'

/**
 * Says whether a complaint is right. Either way what was put aside goes back first; of one that is right the visit is then
 * returned, which takes its points, and what the rules take beside them is asked for.
 *
 * @throws Refusal NOT_FOUND, REQUEST_OWN, COMPLAINT_DECIDED, and what returning a visit refuses
 */
export async function decideComplaint(
  db: Db,
  actor: Actor,
  complaintId: string,
  input: z.infer<typeof decideComplaintInput>,
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'decideComplaint', input, at }, async () => {
      const complaint = await tx.complaint.findUnique({ where: { id: complaintId } })
      if (complaint === null) throw new Refusal('NOT_FOUND')
      if (!mayDecide(actor, complaint)) {
        const own = [complaint.openedByPersonId, complaint.helperPersonId].includes(actor.personId)
        throw new Refusal(own ? 'REQUEST_OWN' : 'NOT_FOUND')
      }
      refuse(await whyNotStep(tx, actor, 'arbitrate', complaint.regionPath, at))
      refuse(await whyNotSame(tx, actor, complaint, at))
      const state = input.decision === 'uphold' ? 'upheld' : 'dismissed'
      const { count } = await tx.complaint.updateMany({
        where: { id: complaintId, state: 'open' },
        data: { state, openVisitId: null, decidedByPersonId: actor.personId, decidedAt: at, reason: input.reason },
      })
      if (count === 0) throw new Refusal('COMPLAINT_DECIDED')
      const { freezeId, visitId, regionPath } = await tx.complaint.findUniqueOrThrow({ where: { id: complaintId } })
      if (freezeId !== null)
        await unfreeze(
          tx,
          {
            ...{ id: idFrom('UNFREEZE', freezeId), transactionId: freezeId, byId: actor.personId },
            explanation: { reason: state === 'upheld' ? '投诉属实' : '投诉不属实' },
          },
          at,
        )
      if (state === 'upheld') await takeBackVisit(tx, actor, visitId, input.id, at)
      await notify(tx, wordsTo(complaint, state), at)
      const about = { action: 'decide', resource: 'complaint', resourceId: complaintId, regionPath }
      await logOperation(tx, actor, { ...about, at, after: { state }, purpose: input.reason })
      return { id: complaintId }
    }),
  )
}

/** Where the reviewers work apart, who approved the visit doesn't say whether the complaint about it is right. */
async function whyNotSame(
  tx: Tx,
  actor: Actor,
  { visitId, regionPath }: Complaint,
  at: Date,
): Promise<RefusalCode | null> {
  const isApart = await readApart(tx, [{ regionPath }], at)
  if (!isApart(regionPath)) return null
  const own = await tx.visitDecision.count({ where: { visitId, byPersonId: actor.personId } })
  return own > 0 ? 'REVIEWER_STEP' : null
}

async function takeBackVisit(tx: Tx, actor: Actor, visitId: string, id: string, at: Date): Promise<void> {
  const visit = await tx.visit.findUniqueOrThrow({ where: { id: visitId }, select: { state: true } })
  if (visit.state === 'returned') return
  const input = { id, visitIds: [visitId], decision: 'return' as const, reasonCode: UPHELD_COMPLAINT }
  const [answer] = await decideWithin(tx, [{ actor, input, at }])
  const code = answer?.answer?.outcomes[0]?.code ?? answer?.refusal?.code ?? null
  if (code !== null) throw new Refusal(code as RefusalCode)
}

function wordsTo({ id, openedByPersonId, helperPersonId }: Complaint, state: 'upheld' | 'dismissed'): Notice[] {
  const isRight = state === 'upheld'
  return [
    {
      ...{
        personId: helperPersonId,
        kind: 'complaintDecided',
        phoneLink: '/visit/mine',
        key: `complaint:${id}:helper`,
      },
      title: isRight ? '有一次服务没有通过' : '核实清楚了，没有问题',
      body: isRight ? '投诉核实属实，这次的积分收回了。有不同意见可以问社区。' : '先放在一边的积分已经还给您。',
    },
    {
      ...{ personId: openedByPersonId, kind: 'complaintDecided', key: `complaint:${id}:opener` },
      title: '您反映的事有结果了',
      body: isRight ? '核实属实，已经处理。' : '核实下来不属实。有疑问请打社区电话。',
    },
  ]
}
