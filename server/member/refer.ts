import { signedPointsText } from '../../shared/core/amounts'
import { Refusal } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import { expiresAt } from '../../shared/scheme/expiry'
import { explained } from '../../shared/scheme/rules'
import type { Tx } from '../core/db'
import { idFrom } from '../core/ids'
import { bonus } from '../ledger/grant'
import { schemeOn } from '../scheme/queries'
import { accountOfPerson } from './account'

/** A helper who is new, and the one who brought him. */
export type Referral = { memberId: string; personId: string; countyId: string; referrerId: string }

/**
 * Gives who brought a new helper what the rules of his place say; nothing where they say nothing. Once for each new helper.
 *
 * @throws Refusal REFERRER for who is no helper of the county, or the new one himself
 */
export async function rewardReferral(tx: Tx, referral: Referral, byId: string, at: Date): Promise<void> {
  const { memberId, personId, countyId, referrerId } = referral
  const referrer = await tx.member.findUnique({ where: { id: referrerId } })
  if (
    referrer === null ||
    referrer.countyId !== countyId ||
    referrer.personId === personId ||
    referrer.state === 'ended'
  )
    throw new Refusal('REFERRER', { field: 'referrerId' })
  const day = dayOf(at)
  const scheme = await schemeOn(tx, referrer.regionPath, day)
  const amount = scheme?.document.bonuses?.referralMilliPoints
  if (scheme === null || amount === undefined) return
  const milliPoints = BigInt(amount)
  const formula = `介绍新志愿者 ${signedPointsText(milliPoints)} 分`
  await bonus(
    tx,
    {
      ...{ id: idFrom('BONUS', 'referral', memberId), refType: 'referral', refId: memberId, milliPoints },
      to: await accountOfPerson(tx, referrer.personId, scheme.programmeId, at),
      ...{ expiresAt: expiresAt(scheme.document, day), happenedAt: at, byId },
      explanation: explained(scheme, 'bonuses.referralMilliPoints', formula),
    },
    at,
  )
}
