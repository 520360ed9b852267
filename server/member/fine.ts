import { createHash } from 'node:crypto'
import type { Tx } from '../core/db'
import { idFrom } from '../core/ids'
import { askFor } from '../ledger/request'
import { accountOfPerson } from './account'

type Fine = {
  /** what it is for; of one there is one fine */
  about: string
  personId: string
  programmeId: string
  regionPath: string
  milliPoints: number
  reason: string
  askedById: string
}

/**
 * Asks for what the rules take from somebody. It waits for a second person like every entry by hand: no rule takes from
 * anybody's account by itself.
 */
export async function proposeFine(tx: Tx, fine: Fine, at: Date): Promise<void> {
  const { about, personId, programmeId, regionPath, milliPoints, reason, askedById } = fine
  await askFor(
    tx,
    {
      ...{ id: idFrom('fine', about), programmeId, kind: 'MANUAL', milliPoints: BigInt(-milliPoints) },
      accountId: await accountOfPerson(tx, personId, programmeId, at),
      ...{ transactionId: null, otherAccountId: null, detail: null, reason },
      evidenceHash: createHash('sha256').update(about).digest('hex'),
      ...{ beneficiaryId: personId, regionPath, askedById },
    },
    at,
  )
}
