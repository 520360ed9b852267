import { Refusal } from '../../shared/core/refusals'
import type { ImportKindCode } from '../../shared/import/kinds'
import { IMPORT_ROWS_MAX } from '../../shared/import/limits'
import type { ImportCounts, ImportLine } from '../../shared/import/view'
import { readSheet } from '../core/read-sheet'
import type { Given, Line } from './kind'
import { kindOf } from './kinds'

export type CheckedFile = { titles: string[]; lines: Line<unknown>[] }

/**
 * What a file would do, line by line; nothing is written.
 *
 * @param file base64
 * @throws Refusal IMPORT_TEMPLATE and those of `readSheet`
 */
export async function checkFile(kind: ImportKindCode, given: Given, file: string): Promise<CheckedFile> {
  const { titles, rows } = await readSheet(Buffer.from(file, 'base64'), { rowsMax: IMPORT_ROWS_MAX })
  const missing = kindOf(kind).columns.find(({ title }) => !titles.includes(title))
  if (missing !== undefined) throw new Refusal('IMPORT_TEMPLATE', { field: 'file', missing: missing.title })
  const places = new Map(titles.map((title, place) => [title, place]))
  const lines = await kindOf(kind).judge(
    given,
    rows.map((source) => ({ source, cell: (title) => source.cells[places.get(title) ?? -1]?.trim() ?? '' })),
  )
  return { titles, lines }
}

export function countsOf(lines: readonly Line<unknown>[]): ImportCounts {
  const count = (state: ImportLine['state']) => lines.filter(({ view }) => view.state === state).length
  return { new: count('new'), update: count('update'), skip: count('skip'), error: count('error') }
}
