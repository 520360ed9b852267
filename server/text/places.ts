import type { TextKind } from '../../shared/text/words'
import { query, type Reader } from '../core/db'

/** Where each kind of text stands. */
const PLACES: Record<TextKind, string> = {
  giftNote: `SELECT "id", "note" AS "text" FROM gift`,
  helperNote: `SELECT "id", "note" AS "text" FROM helper_note`,
  appeal: `SELECT "id", "note" AS "text" FROM appeal`,
  creditAppeal: `SELECT "id", "text" FROM credit_appeal`,
  product: `SELECT "id", "name" || '：' || "description" AS "text" FROM product`,
  organisation: `SELECT "id", "name" AS "text" FROM organisation`,
}

/** The texts as they stand now, by id; what was forgotten meanwhile is left out. */
export async function readTexts(
  db: Reader,
  wanted: readonly { id: string; kind: string }[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const [kind, sql] of Object.entries(PLACES)) {
    const ids = wanted.filter((one) => one.kind === kind).map((one) => one.id)
    if (ids.length === 0) continue
    for (const { id, text } of await query<{ id: string; text: string | null }>(
      db,
      `${sql} WHERE "id" IN LIST($1)`,
      ids,
    ))
      if (text !== null && text.trim() !== '') found.set(id, text)
  }
  return found
}
