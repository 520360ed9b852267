import { createHash } from 'node:crypto'
import { REFUSALS, Refusal, type RefusalCode } from '../../shared/core/refusals'
import type { ImportInput } from '../../shared/import/input'
import type { ImportDone } from '../../shared/import/view'
import { type Actor, homePathOf, REGISTRARS } from '../core/actor'
import { insertAll } from '../core/bulk'
import type { Keys } from '../core/config'
import type { Db } from '../core/db'
import { idFrom } from '../core/ids'
import { changeElder } from '../elder/change'
import { enrolElders } from '../elder/enrol'
import { tagElder } from '../elder/tag'
import { type CheckedLine, checkFile, columnOf, countsOf, elderIdOf, enrolmentOf, note } from './check'
import { batchView } from './list'

/** So many elders are one commit. */
const CHUNK = 100

/**
 * Brings a file of elders into the register: new ones are enrolled, of known ones what is empty is filled in, lines at fault
 * are left out and told. Sent again under the same id, also after a crash half way, nobody is enrolled twice.
 *
 * @throws Refusal IDEMPOTENCY_CONFLICT for another file under the same id, and those of `checkFile`
 */
export async function importElders(
  db: Db,
  keys: Keys,
  actor: Actor,
  input: ImportInput,
  at: Date,
): Promise<ImportDone> {
  const fileHash = createHash('sha256').update(input.file).digest('hex')
  const before = await db.importBatch.findUnique({ where: { id: input.id } })
  if (before !== null && (before.fileHash !== fileHash || before.byPersonId !== actor.personId))
    throw new Refusal('IDEMPOTENCY_CONFLICT')
  const { lines } = await checkFile(db, keys, actor, input.file, input.id, at)
  if (before === null) {
    const done = new Set(await alreadyThere(db, input.id, lines))
    await enrolNew(db, keys, actor, input.id, lines, done, at)
    for (const line of lines.filter(({ view }) => view.state === 'update'))
      await fillIn(db, keys, actor, input.id, line, at)
    await keepBatch(db, actor, input, fileHash, lines, at)
  } else await recall(db, input.id, lines)
  const batch = await db.importBatch.findUniqueOrThrow({ where: { id: input.id } })
  const view = await batchView(db, keys, batch, at)
  return { batch: view, counts: view.counts, lines: lines.map((one) => one.view) }
}

/** What this batch did when it came in: by now the register knows everybody of it. */
async function recall(db: Db, batchId: string, lines: readonly CheckedLine[]): Promise<void> {
  const changed = new Map((await db.importedLine.findMany({ where: { batchId } })).map((one) => [one.line, one]))
  for (const line of lines) {
    const change = changed.get(line.source.line)
    if (change !== undefined)
      line.view = { ...line.view, state: change.change === 'added' ? 'new' : 'update', elderId: change.elderId }
  }
}

/** Lines whose elder an earlier try of this batch enrolled: the register knows them by now, yet they are its own. */
async function alreadyThere(db: Db, batchId: string, lines: readonly CheckedLine[]): Promise<number[]> {
  const own = new Map(lines.map((one) => [elderIdOf(batchId, one.source.line), one]))
  const there = await db.elder.findMany({ where: { id: { in: [...own.keys()] } }, select: { id: true } })
  return there.flatMap(({ id }) => {
    const line = own.get(id)
    if (line === undefined) return []
    line.view = { ...line.view, state: 'new', elderId: id, notes: [] }
    return [line.source.line]
  })
}

async function enrolNew(
  db: Db,
  keys: Keys,
  actor: Actor,
  batchId: string,
  lines: readonly CheckedLine[],
  done: ReadonlySet<number>,
  at: Date,
): Promise<void> {
  const fresh = lines.filter(({ view, source }) => view.state === 'new' && !done.has(source.line))
  for (let from = 0; from < fresh.length; from += CHUNK)
    await enrolChunk(db, keys, actor, batchId, fresh.slice(from, from + CHUNK), at)
}

/** The register may see what the check could not, a twin entered meanwhile: that line is told, the others go on. */
async function enrolChunk(
  db: Db,
  keys: Keys,
  actor: Actor,
  batchId: string,
  chunk: readonly CheckedLine[],
  at: Date,
): Promise<void> {
  const [first] = chunk
  if (first === undefined) return
  const key = idFrom('import', batchId, chunk.map(({ source }) => source.line).join())
  try {
    const ids = await enrolElders(
      db,
      keys,
      actor,
      chunk.map((line) => enrolmentOf(line, batchId)),
      { id: key },
      at,
    )
    for (const [place, line] of chunk.entries()) line.view = { ...line.view, elderId: ids[place] ?? null }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (chunk.length === 1) return refuseLine(first, error.code, error.detail?.field)
    const at2 = Math.ceil(chunk.length / 2)
    await enrolChunk(db, keys, actor, batchId, chunk.slice(0, at2), at)
    await enrolChunk(db, keys, actor, batchId, chunk.slice(at2), at)
  }
}

function refuseLine(line: CheckedLine, code: RefusalCode, field: string | undefined): void {
  const notes = [code in REFUSALS ? note(columnOf(field), code) : note('姓名', 'BAD_INPUT')]
  line.view = { ...line.view, state: 'error', elderId: null, notes }
}

async function fillIn(db: Db, keys: Keys, actor: Actor, batchId: string, line: CheckedLine, at: Date): Promise<void> {
  const elderId = line.view.elderId as string
  const { categories, phone } = line.fills
  try {
    if (phone !== null) await changeElder(db, keys, actor, elderId, { phone }, at)
    for (const category of categories) {
      const id = tagIdOf(batchId, line, category)
      await tagElder(db, actor, elderId, { id, category, validFrom: line.row?.validFrom ?? '' }, at)
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    refuseLine(line, error.code, error.detail?.field)
  }
}

function tagIdOf(batchId: string, line: CheckedLine, category: string): string {
  return idFrom('import', batchId, String(line.source.line), category)
}

async function keepBatch(
  db: Db,
  actor: Actor,
  { id, fileName }: ImportInput,
  fileHash: string,
  lines: readonly CheckedLine[],
  at: Date,
): Promise<void> {
  const counts = countsOf(lines)
  const changed = lines.filter(({ view }) => view.state === 'new' || view.state === 'update')
  await db.$transaction(async (tx) => {
    const batch = {
      ...{ id, fileName, fileHash, at, byPersonId: actor.personId, regionPath: homePathOf(actor, REGISTRARS) },
      ...{ added: counts.new, updated: counts.update, skipped: counts.skip, failed: counts.error },
      ...{ undoneAt: null, undoneByPersonId: null },
    }
    await insertAll(tx, 'import_batch', [batch], 'CHANGED_MEANWHILE')
    await insertAll(
      tx,
      'imported_line',
      changed.map((line) => ({
        batchId: id,
        line: line.source.line,
        elderId: line.view.elderId as string,
        change: line.view.state === 'new' ? 'added' : 'updated',
        filled: JSON.stringify([
          ...(line.fills.phone === null ? [] : ['phone']),
          ...line.fills.categories.map((category) => tagIdOf(id, line, category)),
        ]),
        externalNo: line.row?.externalNo ?? null,
      })),
    )
  })
}
