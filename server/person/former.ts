import { query, type Reader } from '../core/db'

/** All records of one human, the one that stayed among them: what was merged into it keeps what was written under its own id. */
export async function recordsOf(db: Reader, personId: string): Promise<string[]> {
  const rows = await db.person.findMany({ where: { mergedInto: personId }, select: { id: true } })
  return [personId, ...rows.map(({ id }) => id)]
}

/**
 * The records under which helpers have served: `ownerOf` names the one that stayed, whichever of them is asked about; `all`
 * are all of all of them. Two that are nobody's twin come back as they are.
 */
export async function helperRecords(
  db: Reader,
  memberIds: readonly string[],
): Promise<{ all: string[]; ownerOf: (memberId: string) => string }> {
  const rows = await query<{ memberId: string; owner: string }>(
    db,
    `WITH asked AS (
       SELECT m."id", COALESCE(p."mergedInto", p."id") AS "owner" FROM member AS m JOIN person AS p ON p."id" = m."personId"
       WHERE m."id" IN LIST($1))
     SELECT a."id" AS "memberId", a."owner" FROM asked AS a
     UNION SELECT m."id", a."owner" FROM asked AS a JOIN member AS m ON m."personId" = a."owner"
     UNION SELECT m."id", a."owner" FROM asked AS a JOIN person AS p ON p."mergedInto" = a."owner"
       JOIN member AS m ON m."personId" = p."id"`,
    [...new Set(memberIds)],
  )
  const owners = new Map(rows.map((row) => [row.memberId, row.owner]))
  return {
    all: [...new Set([...memberIds, ...owners.keys()])],
    ownerOf: (memberId) => owners.get(memberId) ?? memberId,
  }
}
