import { type CellFault, columnFaults, type SheetColumn } from '../../shared/import/columns'
import type { ImportLine } from '../../shared/import/view'
import { maskName } from '../../shared/person/rules'
import { type Tx, transact } from '../core/db'
import { idFrom } from '../core/ids'
import { type Batch, bringInChunks, type Given, type ImportKind, type Kept, type Line, note } from './kind'

const CHUNK = 200

/** A line as a kind reads it: at fault, there already, or to be added. `key`: two lines with the same one are one thing. */
export type Read<Row> = { faults: CellFault[] } | { row: Row; key: string; knownId: string | null; differs?: string[] }
export type Written<Row> = { id: string; row: Row }

type Adding<Row> = {
  /** names a batch's ids, so that no two kinds make the same */
  code: string
  columns: readonly SheetColumn[]
  /** what a list calls the line */
  nameOf: (cell: (title: string) => string) => { name: string; isPerson: boolean }
  read: (given: Given, cells: readonly ((title: string) => string)[]) => Promise<Read<Row>[]>
  write: (tx: Tx, given: Given, rows: readonly Written<Row>[]) => Promise<void>
  /** which of these ids are written */
  there: (given: Given, ids: readonly string[]) => Promise<string[]>
  columnOf: (field: string | undefined) => string
  externalNoOf: (row: Row) => string | null
  takeBack: (tx: Tx, given: Given, batch: Batch, ids: readonly string[]) => Promise<void>
}

/** A sheet whose lines are added or are there already; nothing known is changed, what differs is told. */
export function addingKind<Row>(adding: Adding<Row>): ImportKind<Row> {
  const idOf = (batchId: string, line: number) => idFrom(adding.code, batchId, String(line))
  return {
    columns: adding.columns,
    judge: async (given, rows) => {
      const wrong = rows.map(({ cell }) => columnFaults(adding.columns, cell))
      const sound = rows.filter((_, place) => wrong[place]?.length === 0)
      const read = await adding.read(
        given,
        sound.map((one) => one.cell),
      )
      const bySource = new Map(sound.map((one, place) => [one.source, read[place] as Read<Row>]))
      const first = new Map<string, number>()
      return rows.map(({ source, cell }, place): Line<Row> => {
        const { name, isPerson } = adding.nameOf(cell)
        const view = { line: source.line, name: isPerson && name !== '' ? maskName(name) : name, subjectId: null }
        const refused = (notes: ImportLine['notes']): Line<Row> => ({
          ...{ source, plan: null },
          view: { ...view, state: 'error', notes },
        })
        const one = bySource.get(source) ?? { faults: wrong[place] ?? [] }
        if ('faults' in one) return refused(one.faults.map(({ column, code }) => note(column, code)))
        const earlier = first.get(one.key)
        if (earlier !== undefined)
          return refused([{ column: adding.columns[0]?.title ?? '', sentence: `和第 ${earlier} 行是同一条` }])
        first.set(one.key, source.line)
        const isKnown = one.knownId !== null
        const notes = (one.differs ?? []).map((column) => ({ column, sentence: '和登记的不一样，没有改动' }))
        const subjectId = one.knownId ?? idOf(given.batchId, source.line)
        return { source, plan: one.row, view: { ...view, subjectId, state: isKnown ? 'skip' : 'new', notes } }
      })
    },
    bring: async (given, lines) => {
      // what an earlier try of this batch wrote is its own, though the register knows it by now
      const own = new Map(lines.map((one) => [idOf(given.batchId, one.source.line), one]))
      const there = new Set(await adding.there(given, [...own.keys()]))
      for (const [id, line] of own)
        if (there.has(id)) line.view = { ...line.view, state: 'new', subjectId: id, notes: [] }
      await bringInChunks(
        lines.filter(({ view, source }) => view.state === 'new' && !there.has(idOf(given.batchId, source.line))),
        CHUNK,
        (chunk) =>
          transact(given.db, (tx) =>
            adding.write(
              tx,
              given,
              chunk.map((line) => ({ id: idOf(given.batchId, line.source.line), row: line.plan as Row })),
            ),
          ),
        adding.columnOf,
      )
    },
    keeps: ({ plan }) => ({ filled: [], externalNo: plan === null ? null : adding.externalNoOf(plan) }),
    takeBack: (tx, given, batch, lines: readonly Kept[]) =>
      adding.takeBack(
        tx,
        given,
        batch,
        lines.map((one) => one.subjectId),
      ),
  }
}
