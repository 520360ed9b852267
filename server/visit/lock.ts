import type { Tx } from '../core/db'

/**
 * Lets one writer at a time touch the visits of a helper: that two counted visits don't overlap, that a visit moves one
 * step once and that a day's cap is measured once all hang on it. In the order of ids, so that no two lists wait for each
 * other; accounts are locked after members, everywhere.
 */
export async function lockMembers(tx: Tx, memberIds: readonly string[]): Promise<void> {
  for (const id of [...new Set(memberIds)].sort())
    await tx.$executeRaw`UPDATE member SET "state" = "state" WHERE "id" = ${id}`
}

/** The same by what they served, for verbs that name visits. */
export async function lockHelpersOf(tx: Tx, visitIds: readonly string[]): Promise<void> {
  const rows = await tx.visit.findMany({ where: { id: { in: [...new Set(visitIds)] } }, select: { memberId: true } })
  await lockMembers(
    tx,
    rows.map((row) => row.memberId),
  )
}
