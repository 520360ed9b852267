import { createHash } from 'node:crypto'
import { Refusal } from '../../shared/core/refusals'
import type { ImportInput } from '../../shared/import/input'
import type { ImportDone } from '../../shared/import/view'
import { can } from '../../shared/session/permissions'
import { type Actor, homePathOf } from '../core/actor'
import { insertAll } from '../core/bulk'
import type { Keys } from '../core/config'
import type { Db } from '../core/db'
import { checkFile, countsOf } from './check'
import type { Given, Line } from './kind'
import { kindOf } from './kinds'
import { batchViews } from './list'

/**
 * Brings a file into the register: what is new is added, of what is known the empty is filled in, lines at fault are left
 * out and told. Sent again under the same id, also after a crash half way, nothing comes twice.
 *
 * @throws Refusal IDEMPOTENCY_CONFLICT for another file under the same id, and those of `checkFile`
 */
export async function importFile(db: Db, keys: Keys, actor: Actor, input: ImportInput, at: Date): Promise<ImportDone> {
  const fileHash = createHash('sha256').update(input.file).digest('hex')
  const before = await db.importBatch.findUnique({ where: { id: input.id } })
  if (
    before !== null &&
    (before.fileHash !== fileHash || before.byPersonId !== actor.personId || before.kind !== input.kind)
  )
    throw new Refusal('IDEMPOTENCY_CONFLICT')
  const given = { db, keys, actor, batchId: input.id, at, fileHash }
  const { lines } = await checkFile(input.kind, given, input.file)
  if (before === null) {
    await kindOf(input.kind).bring(given, lines)
    await keepBatch(given, input, fileHash, lines)
  } else await recall(db, input.id, lines)
  const batch = await db.importBatch.findUniqueOrThrow({ where: { id: input.id } })
  const [view] = await batchViews(db, keys, [batch], at)
  if (view === undefined) throw new Error('a batch without a view')
  return { batch: view, counts: view.counts, lines: lines.map((one) => one.view) }
}

/** What this batch did when it came in: by now the register knows everything of it. */
async function recall(db: Db, batchId: string, lines: readonly Line<unknown>[]): Promise<void> {
  const changed = new Map((await db.importedLine.findMany({ where: { batchId } })).map((one) => [one.line, one]))
  for (const line of lines) {
    const change = changed.get(line.source.line)
    if (change !== undefined)
      line.view = { ...line.view, state: change.change === 'added' ? 'new' : 'update', subjectId: change.subjectId }
  }
}

async function keepBatch(
  { db, actor, at }: Given,
  { id, kind, fileName }: ImportInput,
  fileHash: string,
  lines: readonly Line<unknown>[],
): Promise<void> {
  const counts = countsOf(lines)
  const changed = lines.filter(({ view }) => view.state === 'new' || view.state === 'update')
  await db.$transaction(async (tx) => {
    const batch = {
      ...{
        id,
        kind,
        fileName,
        fileHash,
        at,
        byPersonId: actor.personId,
        regionPath: homePathOf(actor, can('import.keep')),
      },
      ...{ added: counts.new, updated: counts.update, skipped: counts.skip, failed: counts.error },
      ...{ undoneAt: null, undoneByPersonId: null },
    }
    await insertAll(tx, 'import_batch', [batch], 'CHANGED_MEANWHILE')
    await insertAll(
      tx,
      'imported_line',
      changed.map((line) => {
        const { filled, externalNo } = kindOf(kind).keeps(line, id)
        return {
          batchId: id,
          line: line.source.line,
          subjectId: line.view.subjectId as string,
          change: line.view.state === 'new' ? 'added' : 'updated',
          filled: JSON.stringify(filled),
          externalNo,
        }
      }),
    )
  })
}
