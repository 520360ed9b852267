import { Refusal } from '../../shared/core/refusals'
import type { ImportKindCode } from '../../shared/import/kinds'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db } from '../core/db'
import { kindOf } from './kinds'
import { undoUntil } from './list'

/**
 * Takes a batch back while nothing was done with what it brought. All of it or nothing.
 *
 * @throws Refusal NOT_FOUND, IMPORT_TOO_LATE, IMPORT_TOUCHED
 */
export async function undoImport(db: Db, keys: Keys, actor: Actor, batchId: string, at: Date): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const batch = await tx.importBatch.findFirst({ where: { id: batchId, ...inScope(actor, can('import.keep')) } })
    if (batch === null) throw new Refusal('NOT_FOUND')
    if (batch.undoneAt !== null) return { id: batchId }
    if (at >= (await undoUntil(tx, batch))) throw new Refusal('IMPORT_TOO_LATE')
    // Of two who press at once, one undoes it.
    const mine = await tx.importBatch.updateMany({
      where: { id: batchId, undoneAt: null },
      data: { undoneAt: at, undoneByPersonId: actor.personId },
    })
    if (mine.count === 0) throw new Refusal('CHANGED_MEANWHILE')
    const lines = await tx.importedLine.findMany({ where: { batchId } })
    await kindOf(batch.kind as ImportKindCode).takeBack(tx, { db, keys, actor, batchId, at }, batch, lines)
    return { id: batchId }
  })
}
