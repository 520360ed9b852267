import type { Reader } from '../core/db'
import { organisationAccountId } from '../ledger/accounts'
import { programmeOf } from '../scheme/queries'

/** What organisations were given and still have, in the programme of their county. */
export async function pointsOfOrganisations(
  db: Reader,
  rows: readonly { id: string; countyId: string }[],
): Promise<(organisationId: string) => bigint> {
  const accountOf = new Map<string, string>()
  for (const countyId of new Set(rows.map((one) => one.countyId))) {
    const programme = await programmeOf(db, countyId)
    if (programme === null) continue
    for (const { id } of rows.filter((one) => one.countyId === countyId))
      accountOf.set(id, organisationAccountId(programme.id, id))
  }
  const accounts = await db.ledgerAccount.findMany({
    where: { id: { in: [...accountOf.values()] } },
    select: { id: true, postedMilliPoints: true },
  })
  const posted = new Map(accounts.map(({ id, postedMilliPoints }) => [id, postedMilliPoints]))
  return (organisationId) => posted.get(accountOf.get(organisationId) ?? '') ?? 0n
}
