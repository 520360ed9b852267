import type { Actor } from '../core/actor'
import type { Tx } from '../core/db'
import { proposeFine } from '../member/fine'
import { schemesById } from '../scheme/queries'

/** The reason a visit is returned for when a complaint about it was right. */
export const UPHELD_COMPLAINT = 'complaint'

type Upheld = {
  actor: Actor
  visit: {
    id: string
    memberPersonId: string
    schemeId: string | null
    regionPath: string
    decisions: readonly { revision: number }[]
  }
  at: Date
}

/** Where the rules of a visit's day take more than its own points for an upheld complaint, the rest is asked for. */
export async function proposeFines(tx: Tx, upheld: readonly Upheld[]): Promise<void> {
  const schemes = await schemesById(
    tx,
    upheld.flatMap(({ visit }) => visit.schemeId ?? []),
  )
  for (const { actor, visit, at } of upheld) {
    const scheme = schemes.get(visit.schemeId ?? '')
    const milliPoints = scheme?.document.penalties?.complaintMilliPoints
    if (scheme === undefined || milliPoints === undefined) continue
    const fine = {
      about: `complaint ${visit.id} ${(visit.decisions.at(-1)?.revision ?? 0) + 1}`,
      ...{ personId: visit.memberPersonId, programmeId: scheme.programmeId, regionPath: visit.regionPath, milliPoints },
      ...{ reason: '投诉属实，照积分规则另扣', askedById: actor.personId },
    }
    await proposeFine(tx, fine, at)
  }
}
