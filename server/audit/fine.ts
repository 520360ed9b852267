import { createHash } from 'node:crypto'
import type { Actor } from '../core/actor'
import type { Tx } from '../core/db'
import { idFrom } from '../core/ids'
import { askFor } from '../ledger/request'
import { accountOfPerson } from '../member/account'
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

/**
 * Where the rules of a visit's day take more than its own points for an upheld complaint, the rest is asked for and waits for
 * a second person: no rule takes from anybody's account by itself.
 */
export async function proposeFines(tx: Tx, upheld: readonly Upheld[]): Promise<void> {
  const schemes = await schemesById(
    tx,
    upheld.flatMap(({ visit }) => visit.schemeId ?? []),
  )
  for (const { actor, visit, at } of upheld) {
    const scheme = schemes.get(visit.schemeId ?? '')
    const fine = scheme?.document.penalties?.complaintMilliPoints
    if (scheme === undefined || fine === undefined) continue
    const { programmeId } = scheme
    const decision = `${visit.id} ${(visit.decisions.at(-1)?.revision ?? 0) + 1}`
    const id = idFrom('fine', decision)
    await askFor(
      tx,
      {
        ...{ id, programmeId, kind: 'MANUAL', milliPoints: BigInt(-fine), transactionId: null, otherAccountId: null },
        detail: null,
        accountId: await accountOfPerson(tx, visit.memberPersonId, programmeId, at),
        reason: '投诉属实，照积分规则另扣',
        evidenceHash: createHash('sha256').update(`complaint ${decision}`).digest('hex'),
        ...{ beneficiaryId: visit.memberPersonId, regionPath: visit.regionPath, askedById: actor.personId },
      },
      at,
    )
  }
}
