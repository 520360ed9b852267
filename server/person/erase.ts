import { Refusal } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import type { Db, Tx } from '../core/db'
import { destroyKeys } from '../core/key-store'
import { forgetSalts } from '../ledger/forget'
import { recordsOf } from './former'

/** Nobody is called by it. */
const NOTHING = ''

/**
 * Takes away everything that says who somebody is: what is found by, what is sealed, the salts that open commitments. What
 * they did and have stays, under a number that means nobody: balances, proofs and audits are as before.
 *
 * @throws Refusal ERASE_OPEN while something is going on with them
 */
export async function erase(tx: Tx, personId: string, at: Date): Promise<void> {
  for (const one of await recordsOf(tx, personId)) await eraseRecord(tx, one, at)
}

/** One record: who had two before they were merged is in both. */
async function eraseRecord(tx: Tx, personId: string, at: Date): Promise<void> {
  const gone = await tx.person.updateMany({
    where: { id: personId, erasedAt: null },
    data: {
      ...{
        identityKind: 'none',
        nameSealed: NOTHING,
        nameInitials: NOTHING,
        idNumberSealed: null,
        idNumberIndex: null,
      },
      ...{
        phoneSealed: null,
        phoneIndex: null,
        openidSealed: null,
        openidIndex: null,
        sex: 'unknown',
        birthDate: null,
      },
      ...{ erasedAt: at, disabledAt: at },
    },
  })
  if (gone.count === 0) return
  const member = await tx.member.findUnique({ where: { personId } })
  const elder = await tx.elder.findUnique({ where: { personId } })
  await refuseOpen(tx, personId, member?.id ?? null, elder?.id ?? null)
  const today = dayOf(at)
  if (member !== null)
    await tx.member.update({ where: { personId }, data: { state: 'ended', endedDay: member.endedDay ?? today } })
  if (elder !== null) await eraseElder(tx, elder, today, at)
  await tx.proxy.updateMany({ where: { personId, revokedAt: null }, data: { revokedAt: at } })
  await tx.staffRole.updateMany({ where: { personId, validTo: null }, data: { validTo: today } })
  await tx.session.updateMany({ where: { personId, revokedAt: null }, data: { revokedAt: at } })
  await tx.consent.updateMany({ where: { personId, withdrawnAt: null }, data: { withdrawnAt: at } })
  await tx.device.deleteMany({ where: { personId } })
  await tx.deskCode.deleteMany({ where: { personId } })
  await tx.staffLogin.deleteMany({ where: { personId } })
  await tx.recoveryCode.deleteMany({ where: { personId } })
  await eraseSalts(tx, personId, member?.id ?? null, elder?.id ?? null)
}

/** After the commit that erased: the last thing that could open what stands in older backups. */
export async function destroyKeyOf(db: Db, personId: string): Promise<void> {
  await db.$transaction(async (tx) => destroyKeys(tx, await recordsOf(tx, personId)))
}

async function refuseOpen(tx: Tx, personId: string, memberId: string | null, elderId: string | null): Promise<void> {
  const held = await tx.redemption.count({ where: { personId, state: 'held' } })
  const running = memberId === null ? 0 : await tx.visit.count({ where: { memberId, state: 'inProgress' } })
  const served =
    elderId === null ? 0 : await tx.visit.count({ where: { elders: { some: { elderId } }, state: 'inProgress' } })
  const asked =
    elderId === null ? 0 : await tx.order.count({ where: { elderId, state: { in: ['open', 'accepted', 'assigned'] } } })
  if (held + running + served + asked > 0) throw new Refusal('ERASE_OPEN')
}

async function eraseElder(tx: Tx, elder: { id: string; endedDay: string | null }, today: string, at: Date) {
  const of = { elderId: elder.id }
  await tx.elder.update({
    where: { id: elder.id },
    data: { addressSealed: NOTHING, homePointSealed: null, ownPhone: false, endedDay: elder.endedDay ?? today },
  })
  await tx.elderResidence.updateMany({ where: of, data: { addressSealed: NOTHING } })
  await tx.elderContact.deleteMany({ where: of })
  await tx.plate.updateMany({ where: { ...of, revokedAt: null }, data: { revokedAt: at } })
  await tx.proxy.updateMany({ where: { ...of, revokedAt: null }, data: { revokedAt: at } })
}

/** Without its salt a commitment opens to nothing, and the leaf it stands in still verifies. */
async function eraseSalts(tx: Tx, personId: string, memberId: string | null, elderId: string | null): Promise<void> {
  await tx.certificate.updateMany({ where: { personId }, data: { salt: null } })
  await forgetSalts(tx, personId)
  await tx.$executeRaw`
    DELETE FROM log_salt WHERE "refId" IN (
      SELECT v."id" FROM visit AS v LEFT JOIN visit_elder AS e ON e."visitId" = v."id"
      WHERE v."memberId" = ${memberId ?? NOTHING} OR e."elderId" = ${elderId ?? NOTHING})`
}
