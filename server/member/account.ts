import { query, type Reader, type Tx } from '../core/db'
import { newId } from '../core/ids'
import { openAccounts } from '../ledger/accounts'

/**
 * The account a person has in a programme; opened on first need. Of two who ask at once the second waits for the first and
 * gets the same account.
 */
export async function accountOfPerson(tx: Tx, personId: string, programmeId: string, at: Date): Promise<string> {
  const known = await findAccountOfPerson(tx, personId, programmeId)
  if (known !== null) return known
  const accountId = newId(at)
  const claimed = await tx.$executeRaw`
    INSERT INTO person_account ("accountId", "personId", "programmeId") VALUES (${accountId}, ${personId}, ${programmeId})
    ON CONFLICT ("personId", "programmeId") DO NOTHING`
  if (claimed === 0) return (await findAccountOfPerson(tx, personId, programmeId)) as string
  await openAccounts(tx, [{ id: accountId, programmeId, kind: 'member', openedAt: at }])
  return accountId
}

/**
 * The accounts of many persons in one programme, opening those that are missing; for verbs that take a list. A record that
 * was merged into another has that one's.
 */
export async function accountsOfPersons(
  tx: Tx,
  personIds: readonly string[],
  programmeId: string,
  at: Date,
): Promise<Map<string, string>> {
  const wanted = [...new Set(personIds)].sort()
  const known = await query<{ personId: string; ownerId: string; accountId: string | null }>(
    tx,
    `SELECT p."id" AS "personId", COALESCE(p."mergedInto", p."id") AS "ownerId", a."accountId" FROM person AS p
     LEFT JOIN person_account AS a ON a."personId" = COALESCE(p."mergedInto", p."id") AND a."programmeId" = $2
     WHERE p."id" IN LIST($1)`,
    wanted,
    programmeId,
  )
  const accounts = new Map(known.flatMap((one) => (one.accountId === null ? [] : [[one.personId, one.accountId]])))
  const ownerOf = new Map(known.map((one) => [one.personId, one.ownerId]))
  for (const personId of wanted) {
    if (!accounts.has(personId))
      accounts.set(personId, await accountOfPerson(tx, ownerOf.get(personId) ?? personId, programmeId, at))
  }
  return accounts
}

/** The account a person has in a programme, or null before the first point. */
export async function findAccountOfPerson(db: Reader, personId: string, programmeId: string): Promise<string | null> {
  const found = await db.personAccount.findUnique({ where: { personId_programmeId: { personId, programmeId } } })
  return found?.accountId ?? null
}

/** Whose accounts these are, in one query: account id → person id. */
export async function ownersOf(db: Reader, accountIds: readonly string[]): Promise<Map<string, string>> {
  const found = await db.personAccount.findMany({ where: { accountId: { in: [...new Set(accountIds)] } } })
  return new Map(found.map((one) => [one.accountId, one.personId]))
}
