import { createHash } from 'node:crypto'
import { Refusal } from '../../shared/core/refusals'
import { dayOf, monthOf } from '../../shared/core/time'
import type { PaperInput } from '../../shared/paper/input'
import type { PaperDone } from '../../shared/paper/view'
import { can } from '../../shared/session/permissions'
import type { Actor } from '../core/actor'
import { insertAll } from '../core/bulk'
import type { Keys } from '../core/config'
import { type Db, execute, type Tx, transact } from '../core/db'
import { logOperation } from '../core/operation-log'
import { type CheckedLine, checkPaper, quotaLeft } from './check'
import { paperViews } from './list'

type Entry = NonNullable<CheckedLine['entry']>

/**
 * A clerk enters lines of paper: they wait for a second person, and are no visits until then. Lines at fault are left out
 * and told; the same lines again add nothing.
 *
 * @throws Refusal PAPER_NOTHING, IDEMPOTENCY_CONFLICT for other lines under the same id, and those of `checkPaper`
 */
export async function enterPaper(db: Db, keys: Keys, actor: Actor, input: PaperInput, at: Date): Promise<PaperDone> {
  const fileHash = createHash('sha256')
    .update(input.file ?? JSON.stringify(input.lines))
    .digest('hex')
  const before = await db.paperBatch.findUnique({ where: { id: input.id } })
  if (before !== null && (before.fileHash !== fileHash || before.enteredByPersonId !== actor.personId))
    throw new Refusal('IDEMPOTENCY_CONFLICT')
  const checked = await checkPaper(db, keys, actor, input, at)
  const entries = checked.lines.flatMap(({ view, entry }) => (entry === null ? [] : [{ line: view.line, entry }]))
  if (before === null) {
    if (entries.length === 0) {
      const known = checked.lines.every(({ view }) => view.state === 'skip')
      if (!known) throw new Refusal('PAPER_NOTHING', { field: 'lines' })
      return doneOf(checked, null)
    }
    await transact(db, (tx) => write(tx, actor, input, fileHash, entries, at))
  }
  const [paper] = await paperViews(db, keys, actor, { id: input.id }, at)
  return doneOf(checked, paper ?? null)
}

/** What a check found, line by line. */
export function checkedOf({ lines, left }: Awaited<ReturnType<typeof checkPaper>>) {
  const count = (state: string) => lines.filter(({ view }) => view.state === state).length
  return {
    counts: { new: count('new'), skip: count('skip'), error: count('error') },
    left,
    lines: lines.map(({ view }) => view),
  }
}

function doneOf(checked: Awaited<ReturnType<typeof checkPaper>>, paper: PaperDone['paper']): PaperDone {
  return { ...checkedOf(checked), paper }
}

async function write(
  tx: Tx,
  actor: Actor,
  input: PaperInput,
  fileHash: string,
  entries: readonly { line: number; entry: Entry }[],
  at: Date,
): Promise<void> {
  // Two batches of one clerk at once would each see the whole quota: the clerk's row is held until the commit.
  await execute(tx, `UPDATE person SET "sex" = "sex" WHERE "id" = $1`, actor.personId)
  if (entries.length > (await quotaLeft(tx, actor, at))) throw new Refusal('PAPER_QUOTA')
  const place = placeOf(actor, entries)
  const batch = {
    ...{ id: input.id, reason: input.reason, fileHash, lines: entries.length, enteredAt: at, ...place },
    source: input.file === undefined ? 'form' : 'sheet',
    fileName: input.fileName ?? null,
    state: 'waiting',
    enteredByPersonId: actor.personId,
    month: monthOf(at),
  }
  await insertAll(tx, 'paper_batch', [batch], 'CHANGED_MEANWHILE')
  await insertAll(
    tx,
    'paper_line',
    entries.map(({ line, entry }) => ({
      ...{ batchId: input.id, line, visitId: entry.visitId, visitKey: entry.visitId, sheetKey: entry.sheetKey },
      ...{ elderId: entry.elder.id, memberId: entry.member.id, serviceId: entry.service.id },
      ...{ day: entry.day, checkInAt: entry.from, checkOutAt: entry.to, signedBy: entry.signedBy },
    })),
    'PAPER_KNOWN',
  )
  await logOperation(tx, actor, {
    at,
    action: 'enterPaper',
    resource: 'paper',
    resourceId: input.id,
    regionPath: place.regionPath,
    after: { lines: entries.length, day: dayOf(at) },
  })
}

/** The place of a batch: the village of its lines, or, where they are of several, the place of the clerk. */
function placeOf(actor: Actor, entries: readonly { entry: Entry }[]): { regionId: string; regionPath: string } {
  const first = entries[0]?.entry.elder
  const isOne = first !== undefined && entries.every(({ entry }) => entry.elder.regionId === first.regionId)
  if (isOne) return { regionId: first.regionId, regionPath: first.regionPath }
  const post = actor.roles.find(
    ({ role, regionPath }) =>
      can('paper.enter').includes(role) && entries.every(({ entry }) => entry.elder.regionPath.startsWith(regionPath)),
  )
  if (post === undefined) throw new Refusal('PAPER_ELDER', { field: 'lines' })
  return { regionId: post.regionId, regionPath: post.regionPath }
}
