import type { Tx } from '../core/db'

/** Who was a person before the batch came stays one; who was made by it goes with consents, and the key is swept away at night. */
export async function removePersons(tx: Tx, personIds: readonly string[], since: Date): Promise<void> {
  const made = await tx.person.findMany({
    where: {
      id: { in: [...personIds] },
      createdAt: { gte: since },
      member: null,
      elder: null,
      staffRoles: { none: {} },
      sessions: { none: {} },
      proxies: { none: {} },
    },
    select: { id: true },
  })
  const personId = { in: made.map(({ id }) => id) }
  await tx.consent.deleteMany({ where: { personId } })
  await tx.person.deleteMany({ where: { id: personId } })
}
