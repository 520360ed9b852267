import { Refusal } from '../../shared/core/refusals'
import { can } from '../../shared/session/permissions'
import { type Actor, mayOver } from '../core/actor'
import { logOperation } from '../core/operation-log'
import type { Parts } from '../core/route'
import { signCheckpoint } from '../proof/checkpoint'
import { openLogs } from '../proof/logs'
import { findCertificate } from './queries'

/**
 * Says that a certificate holds no longer. It stays in the log, and so does this.
 *
 * @throws Refusal NOT_FOUND, CERTIFICATE_REVOKED
 */
export async function revokeCertificate(
  { db, config }: Parts,
  actor: Actor,
  no: string | undefined,
  { reason }: { reason: string },
  at: Date,
): Promise<string> {
  const found = await findCertificate(db, actor, no)
  if (!mayOver(actor, can('certificate.keep'), found.regionPath)) throw new Refusal('NOT_FOUND')
  await db.$transaction(async (tx) => {
    const { count } = await tx.certificate.updateMany({
      where: { no: found.no, revokedAt: null },
      data: { revokedAt: at, revokedByPersonId: actor.personId, revokedReason: reason },
    })
    if (count === 0) throw new Refusal('CERTIFICATE_REVOKED')
    await logOperation(tx, actor, {
      at,
      action: 'revoke',
      resource: 'certificate',
      resourceId: found.no,
      regionPath: found.regionPath,
      after: { reason },
    })
  })
  const log = (await openLogs(db, config.log)).find((one) => one.regionId === found.countyId)
  if (log !== undefined) await signCheckpoint(db, config.log, log, at)
  return found.no
}
