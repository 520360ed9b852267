import { HIDDEN_TEXT } from '../../shared/text/words'
import { query, type Reader } from '../core/db'

/** How texts of these rows are shown: as they are, or by the sentence that stands for a hidden one. */
export async function readShown(
  db: Reader,
  ids: readonly string[],
): Promise<<T extends string | null>(id: string, text: T) => T | typeof HIDDEN_TEXT> {
  const rows =
    ids.length === 0
      ? []
      : await query<{ id: string }>(db, `SELECT "id" FROM text_check WHERE "state" = 'hidden' AND "id" IN LIST($1)`, [
          ...new Set(ids),
        ])
  const hidden = new Set(rows.map(({ id }) => id))
  return (id, text) => (hidden.has(id) && text !== null && text !== '' ? HIDDEN_TEXT : text)
}
