import { Refusal } from '../../shared/core/refusals'
import type { Keys } from '../core/config'
import type { Db, Tx } from '../core/db'
import { logOperations } from '../core/operation-log'
import { changePerson } from '../person/vault'
import type { Batch, Given, Kept } from './kind'
import { removePersons } from './persons-undo'

/** What is written of an elder by the import itself, or by looking. */
const OWN = ['enrol', 'tag', 'change']
const LOOKING = ['read', 'reveal', 'export']

/** Added elders are gone, what was filled in is empty again. */
export async function takeBackElders(
  tx: Tx,
  { keys, actor, at }: Given,
  batch: Batch,
  lines: readonly Kept[],
): Promise<void> {
  const elders = await eldersOf(
    tx,
    lines.map(({ subjectId }) => subjectId),
  )
  await refuseChanged(tx, [...elders.keys()], batch.at)
  for (const line of lines.filter(({ change }) => change === 'updated')) await emptyAgain(tx, keys, line, elders)
  const added = lines.flatMap(({ change, subjectId }) => (change === 'added' ? (elders.get(subjectId) ?? []) : []))
  await removeElders(tx, added, batch.at)
  await logOperations(
    tx,
    actor,
    lines.flatMap(({ subjectId, change }) => {
      const elder = elders.get(subjectId)
      if (elder === undefined) return []
      const { regionPath } = elder
      return [{ at, action: 'undoImport', resource: 'elder', resourceId: subjectId, regionPath, after: { change } }]
    }),
  )
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
  { subjectId, filled }: Kept,
  elders: ReadonlyMap<string, Elder>,
): Promise<void> {
  const what = JSON.parse(filled) as string[]
  const elder = elders.get(subjectId)
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
