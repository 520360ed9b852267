import { REFUSALS, Refusal, type RefusalCode } from '../../shared/core/refusals'
import type { SheetColumn } from '../../shared/import/columns'
import type { ImportLine } from '../../shared/import/view'
import type { Actor } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db, Tx } from '../core/db'
import type { SheetRow } from '../core/read-sheet'

/** What every step of an import has in hand. */
/** `fileHash` is the SHA-256 of the file, once it comes in. */
export type Given = { db: Db; keys: Keys; actor: Actor; batchId: string; at: Date; fileHash?: string }
/** A line judged against the register, and what bringing it in takes; null where there is nothing to bring. */
export type Line<P> = { source: SheetRow; view: ImportLine; plan: P | null }
/** What a line left behind: the row it added or filled, and what it filled in. */
export type Kept = { line: number; subjectId: string; change: string; filled: string }
export type Batch = { id: string; at: Date }

/** One kind of sheet. Reading it, the dry run, the faults file, the batch and the way back are the same for all of them. */
export type ImportKind<P> = {
  columns: readonly SheetColumn[]
  /** Writes nothing. `cell` answers a line's text under a title, '' where it has none. */
  judge: (given: Given, rows: readonly { source: SheetRow; cell: (title: string) => string }[]) => Promise<Line<P>[]>
  /** Writes new and updated lines; what the register refuses now becomes an error of its own line. Asked again it adds nothing. */
  bring: (given: Given, lines: readonly Line<P>[]) => Promise<void>
  /** What an update filled in, and the number in the system the file came from. */
  keeps: (line: Line<P>, batchId: string) => { filled: readonly string[]; externalNo: string | null }
  /** @throws Refusal IMPORT_TOUCHED when one of them was used since */
  takeBack: (tx: Tx, given: Given, batch: Batch, lines: readonly Kept[]) => Promise<void>
}

export function note(column: string, code: RefusalCode): ImportLine['notes'][number] {
  return { column, sentence: REFUSALS[code][1] }
}

/** The register said no after all: that line is told, the others go on. */
export function refuseLine<P>(line: Line<P>, column: string, error: unknown): void {
  if (!(error instanceof Refusal)) throw error
  line.view = { ...line.view, state: 'error', subjectId: null, notes: [note(column, error.code)] }
}

/**
 * Writes new lines some at a time; of a list that is refused each half is tried by itself, until the line at fault is alone.
 *
 * @param columnOf the column a refusal's field is about
 */
export async function bringInChunks<P>(
  lines: readonly Line<P>[],
  size: number,
  write: (chunk: readonly Line<P>[]) => Promise<void>,
  columnOf: (field: string | undefined) => string,
): Promise<void> {
  for (let from = 0; from < lines.length; from += size)
    await bringChunk(lines.slice(from, from + size), write, columnOf)
}

async function bringChunk<P>(
  chunk: readonly Line<P>[],
  write: (chunk: readonly Line<P>[]) => Promise<void>,
  columnOf: (field: string | undefined) => string,
): Promise<void> {
  const [first] = chunk
  if (first === undefined) return
  try {
    await write(chunk)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (chunk.length === 1) return refuseLine(first, columnOf(error.detail.field), error)
    const half = Math.ceil(chunk.length / 2)
    await bringChunk(chunk.slice(0, half), write, columnOf)
    await bringChunk(chunk.slice(half), write, columnOf)
  }
}
