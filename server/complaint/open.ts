import type { OpenComplaintInput } from '../../shared/complaint/input'
import { pointsText } from '../../shared/core/amounts'
import { Refusal } from '../../shared/core/refusals'
import { can } from '../../shared/session/permissions'
import { type Actor, isSelf } from '../core/actor'
import type { Db, Tx } from '../core/db'
import { idFrom } from '../core/ids'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { takenAs } from '../core/taken'
import { freeze } from '../ledger/freeze'
import { balanceOf } from '../ledger/queries'
import { findAccountOfPerson } from '../member/account'
import { notify } from '../notice/notify'
import { nearestStaff } from '../notice/staff'
import { schemesById } from '../scheme/queries'
import { mayOpen } from './policy'

export type Complaint = Awaited<ReturnType<Db['complaint']['findUniqueOrThrow']>>

/**
 * Somebody says that a visit was not as it should be: an auditor is told, and what the visit brought is put aside until it is
 * decided, unless the rules of its day say otherwise.
 *
 * @throws Refusal NOT_FOUND, COMPLAINT_OWN for the helper's own visit, COMPLAINT_OPEN, VISIT_NOT_FINISHED
 */
export async function openComplaint(
  db: Db,
  actor: Actor,
  input: OpenComplaintInput,
  at: Date,
): Promise<{ id: string }> {
  return takenAs('COMPLAINT_OPEN', {}, () =>
    db.$transaction((tx) =>
      once(tx, { key: input.id, personId: actor.personId, verb: 'openComplaint', input, at }, async () => {
        const visit = await tx.visit.findUnique({
          where: { id: input.visitId },
          include: { elders: { select: { elderId: true } } },
        })
        if (visit === null) throw new Refusal('NOT_FOUND')
        const { regionPath, memberPersonId } = visit
        if (!mayOpen(actor, { regionPath, elderIds: visit.elders.map(({ elderId }) => elderId) }))
          throw new Refusal('NOT_FOUND')
        if (isSelf(actor, memberPersonId)) throw new Refusal('COMPLAINT_OWN')
        if (visit.state === 'inProgress') throw new Refusal('CONFIRM_NOT_FINISHED')
        if ((await tx.complaint.count({ where: { openVisitId: visit.id } })) > 0) throw new Refusal('COMPLAINT_OPEN')
        const complaint = await tx.complaint.create({
          data: {
            ...{ id: input.id, visitId: visit.id, openVisitId: visit.id, helperPersonId: memberPersonId, regionPath },
            ...{ kind: input.kind, openedByPersonId: actor.personId, openedAt: at, state: 'open' },
          },
        })
        await tellStaff(tx, complaint, at)
        await freezeAward(tx, complaint, at)
        const about = { action: 'complain', resource: 'complaint', resourceId: input.id, regionPath }
        await logOperation(tx, actor, { ...about, at, after: { kind: input.kind, visitId: visit.id } })
        return { id: input.id }
      }),
    ),
  )
}

/**
 * Puts aside what visits with an open complaint brought after it was opened. Asked again nothing changes.
 *
 * @returns how many were frozen
 */
export async function freezeComplained(db: Db, at: Date): Promise<number> {
  const open = await db.complaint.findMany({ where: { state: 'open', freezeId: null }, take: 500 })
  let frozen = 0
  for (const { id } of open)
    frozen += await db.$transaction(async (tx) => {
      // Holds the row until the commit: it may be decided at this moment.
      await tx.$executeRaw`UPDATE complaint SET "kind" = "kind" WHERE "id" = ${id}`
      const complaint = await tx.complaint.findUniqueOrThrow({ where: { id } })
      return complaint.state === 'open' && complaint.freezeId === null && (await freezeAward(tx, complaint, at)) ? 1 : 0
    })
  return frozen
}

/**
 * FREEZE: helper −x, frozen +x; at most what is still there.
 */
async function freezeAward(tx: Tx, complaint: Complaint, at: Date): Promise<boolean> {
  const { awardedMilliPoints, schemeId } = await tx.visit.findUniqueOrThrow({ where: { id: complaint.visitId } })
  const scheme = (await schemesById(tx, [schemeId ?? ''])).get(schemeId ?? '')
  if (scheme === undefined || scheme.document.penalties?.openComplaint === 'none') return false
  const accountId = await findAccountOfPerson(tx, complaint.helperPersonId, scheme.programmeId)
  if (accountId === null || (awardedMilliPoints ?? 0n) <= 0n) return false
  const { availableMilliPoints } = await balanceOf(tx, accountId)
  const award = awardedMilliPoints ?? 0n
  const milliPoints = award < availableMilliPoints ? award : availableMilliPoints
  if (milliPoints <= 0n) return false
  const freezeId = idFrom('FREEZE', complaint.id)
  await freeze(
    tx,
    {
      ...{ id: freezeId, refType: 'complaint', refId: complaint.id, from: accountId, milliPoints, happenedAt: at },
      ...{ byId: 'clock', explanation: { reason: '这次服务有投诉，核实清楚以前先放在一边' } },
    },
    at,
  )
  await tx.complaint.update({ where: { id: complaint.id }, data: { freezeId, frozenMilliPoints: milliPoints } })
  await notify(
    tx,
    [
      {
        ...{ personId: complaint.helperPersonId, kind: 'complaintOpened', phoneLink: '/ledger/points' },
        ...{ title: '有一次服务在核实', key: `complaint:${complaint.id}:frozen` },
        body: `这次的 ${pointsText(milliPoints)} 分先放在一边，核实清楚再告诉您。`,
      },
    ],
    at,
  )
  return true
}

async function tellStaff(tx: Tx, { id, regionPath, openedByPersonId, helperPersonId }: Complaint, at: Date) {
  const staff = await nearestStaff(tx, can('complaint.decide'), regionPath, at)
  const others = staff.filter((personId) => personId !== openedByPersonId && personId !== helperPersonId)
  await notify(
    tx,
    others.map((personId) => ({
      ...{ personId, kind: 'complaintOpened', deskLink: '/complaints', key: `complaint:${id}:${personId}` },
      ...{ title: '有一条投诉要核实', body: '请问清楚情况，再决定属实还是不属实。' },
    })),
    at,
  )
}
