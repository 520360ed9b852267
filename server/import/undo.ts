import { Refusal } from '../../shared/core/refusals'
import { type Actor, mayOver, REGISTRARS } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db, Tx } from '../core/db'
import { logOperations } from '../core/operation-log'
import { changePerson } from '../person/vault'
import { undoUntil } from './list'

/** What is written of an elder by the import itself, or by looking. */
const OWN = ['enrol', 'tag', 'change']
const LOOKING = ['read', 'reveal', 'export']

/**
 * Takes a batch back while nothing was done with what it brought: added elders are gone, what was filled in is empty again.
 * All of it or nothing.
 *
 * @throws Refusal NOT_FOUND, IMPORT_TOO_LATE, IMPORT_TOUCHED
 */
export async function undoImport(db: Db, keys: Keys, actor: Actor, batchId: string, at: Date): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const batch = await tx.importBatch.findUnique({ where: { id: batchId } })
    if (batch === null || !mayOver(actor, REGISTRARS, batch.regionPath)) throw new Refusal('NOT_FOUND')
    if (batch.undoneAt !== null) return { id: batchId }
    if (at >= (await undoUntil(tx, batch))) throw new Refusal('IMPORT_TOO_LATE')
    // Of two who press at once, one undoes it.
    const mine = await tx.importBatch.updateMany({
      where: { id: batchId, undoneAt: null },
      data: { undoneAt: at, undoneByPersonId: actor.personId },
    })
    if (mine.count === 0) throw new Refusal('CHANGED_MEANWHILE')
    const lines = await tx.importedLine.findMany({ where: { batchId } })
    const elders = await eldersOf(
      tx,
      lines.map(({ elderId }) => elderId),
    )
    await refuseChanged(tx, [...elders.keys()], batch.at)
    for (const line of lines.filter(({ change }) => change === 'updated')) await emptyAgain(tx, keys, line, elders)
    const added = lines.flatMap(({ change, elderId }) => (change === 'added' ? (elders.get(elderId) ?? []) : []))
    await removeElders(tx, added, batch.at)
    await logOperations(
      tx,
      actor,
      lines.flatMap(({ elderId, change }) => {
        const elder = elders.get(elderId)
        return elder === undefined
          ? []
          : [
              {
                at,
                action: 'undoImport',
                resource: 'elder',
                resourceId: elderId,
                regionPath: elder.regionPath,
                after: { change },
              },
            ]
      }),
    )
    return { id: batchId }
  })
}

type Elder = Awaited<ReturnType<Db['elder']['findUniqueOrThrow']>>

async function eldersOf(tx: Tx, ids: readonly string[]): Promise<Map<string, Elder>> {
  const rows = await tx.elder.findMany({ where: { id: { in: [...ids] } } })
  return new Map(rows.map((row) => [row.id, row]))
}

/** A phone or category that staff put right since is theirs: an undo would lose it. */
async function refuseChanged(tx: Tx, elderIds: string[], since: Date): Promise<void> {
  const where = { resource: 'elder', resourceId: { in: elderIds }, action: { in: OWN }, at: { gt: since } }
  if ((await tx.operationLog.count({ where })) > 0) throw new Refusal('IMPORT_TOUCHED')
}

async function emptyAgain(
  tx: Tx,
  keys: Keys,
  { elderId, filled }: { elderId: string; filled: string },
  elders: ReadonlyMap<string, Elder>,
): Promise<void> {
  const what = JSON.parse(filled) as string[]
  const elder = elders.get(elderId)
  if (elder === undefined) throw new Refusal('IMPORT_TOUCHED')
  if (what.includes('phone')) await changePerson(tx, keys, elder.personId, { phone: null })
  const tags = what.filter((one) => one !== 'phone')
  const removed = await tx.elderCategory.deleteMany({ where: { id: { in: tags }, validTo: null } })
  if (removed.count < tags.length) throw new Refusal('IMPORT_TOUCHED')
}

/** @throws Refusal IMPORT_TOUCHED when one of them has lived on: a plate, a visit, an order, a proxy, an exit, a change */
async function removeElders(tx: Tx, elders: readonly Elder[], since: Date): Promise<void> {
  const ids = elders.map(({ id }) => id)
  const personIds = elders.map(({ personId }) => personId)
  const where = { elderId: { in: ids } }
  const uses = [
    await tx.plate.count({ where }),
    await tx.visitElder.count({ where }),
    await tx.order.count({ where }),
    await tx.proxy.count({ where }),
    await tx.elderExit.count({ where }),
    await tx.operationLog.count({
      where: { resource: 'elder', resourceId: { in: ids }, action: { notIn: [...OWN, ...LOOKING] } },
    }),
  ]
  if (uses.some((count) => count > 0)) throw new Refusal('IMPORT_TOUCHED')
  await tx.elderContact.deleteMany({ where })
  await tx.elderCategory.deleteMany({ where })
  await tx.elderResidence.deleteMany({ where })
  await tx.elder.deleteMany({ where: { id: { in: ids } } })
  await removePersons(tx, personIds, since)
}

/** Who was a person before the batch came stays one; who was made by it goes with consents, and the key is swept away at night. */
async function removePersons(tx: Tx, personIds: readonly string[], since: Date): Promise<void> {
  const made = await tx.person.findMany({
    where: {
      id: { in: [...personIds] },
      createdAt: { gte: since },
      member: null,
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
