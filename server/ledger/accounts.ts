import { type AccountKind, isStored, lowestOf } from '../../shared/ledger/rules'
import { insertAll } from '../core/bulk'
import type { Tx } from '../core/db'
import { idFrom, newId } from '../core/ids'
import { recoveryIdOf } from './order'

/** The accounts a programme has one of. They are as old as the programme: their day of opening says nothing. */
const EVER = new Date(0)

/** The account every earned point comes from: its negative is everything ever issued. */
export function issuanceAccount(tx: Tx, programmeId: string): Promise<string> {
  return systemAccount(tx, programmeId, 'issuance')
}

/** The one account of a kind that a programme has; opened when it is first needed, once, whoever asks at the same time. */
export async function systemAccount(
  tx: Tx,
  programmeId: string,
  kind: Exclude<AccountKind, 'member'>,
): Promise<string> {
  const id = idFrom('account', programmeId, kind)
  await openIfMissing(tx, { id, programmeId, kind, openedAt: EVER })
  return id
}

export const clearingIdOf = (programmeId: string, otherProgrammeId: string): string =>
  idFrom('account', programmeId, 'clearing', otherProgrammeId)

/** What one county owes another, from its own side; 0 after each settlement. */
export async function clearingAccount(tx: Tx, programmeId: string, otherProgrammeId: string): Promise<string> {
  const id = clearingIdOf(programmeId, otherProgrammeId)
  await openIfMissing(tx, { id, programmeId, kind: 'clearing', openedAt: EVER })
  return id
}

/** Where an organisation keeps what it is given; its id follows from whose it is, so nobody has to write it down. */
export function organisationAccountId(programmeId: string, organisationId: string): string {
  return idFrom('account', programmeId, 'organisation', organisationId)
}

/** The account of an organisation in a programme; opened with the first points that come. */
export async function organisationAccount(
  tx: Tx,
  programmeId: string,
  organisationId: string,
  at: Date,
): Promise<string> {
  const id = organisationAccountId(programmeId, organisationId)
  await openIfMissing(tx, { id, programmeId, kind: 'organisation', openedAt: at })
  return id
}

/** What a member owes after a reversal he couldn't cover; one beside each member account. */
export async function openRecovery(tx: Tx, accountId: string, programmeId: string, at: Date): Promise<void> {
  await openIfMissing(tx, { id: recoveryIdOf(accountId), programmeId, kind: 'recovery', openedAt: at })
}

/** Opens an account whose id tells nothing of its owner. */
export async function openAccount(tx: Tx, programmeId: string, kind: AccountKind, at: Date): Promise<string> {
  const id = newId(at)
  await openAccounts(tx, [{ id, programmeId, kind, openedAt: at }])
  return id
}

type Opening = { id: string; programmeId: string; kind: AccountKind; openedAt: Date }

export async function openAccounts(tx: Tx, openings: readonly Opening[]): Promise<void> {
  await insertAll(
    tx,
    'ledger_account',
    openings.map((one) => ({
      ...one,
      stored: isStored(one.kind),
      postedMilliPoints: 0n,
      pendingMilliPoints: 0n,
      lowestMilliPoints: lowestOf(one.kind),
      seq: 0,
    })),
  )
}

async function openIfMissing(tx: Tx, { id, programmeId, kind, openedAt }: Opening): Promise<void> {
  const known = await tx.$queryRaw<unknown[]>`SELECT 1 AS "one" FROM ledger_account WHERE "id" = ${id}`
  if (known.length > 0) return
  await tx.$executeRaw`
    INSERT INTO ledger_account ("id", "programmeId", "kind", "stored", "postedMilliPoints", "pendingMilliPoints", "lowestMilliPoints", "seq", "openedAt")
    VALUES (${id}, ${programmeId}, ${kind}, ${isStored(kind)}, 0, 0, ${lowestOf(kind)}, 0, ${openedAt})
    ON CONFLICT ("id") DO NOTHING`
}
