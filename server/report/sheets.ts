import { clockOf, dayOf } from '../../shared/core/time'
import { CATEGORY_WORDS } from '../../shared/elder/words'
import type { Actor } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db } from '../core/db'
import type { Cell, Column, Sheet } from '../core/sheet'

/** What an export is asked with: the actor, the filters of the list, the moment. */
export type Asked<Q> = { db: Db; keys: Keys; actor: Actor; query: Q; at: Date }
type Page<T> = { items: T[]; next: string | null }

/** A page is as large as a list allows; a file ends somewhere. */
const PAGE = 200
const ROWS_MAX = 50_000

/** All rows of a list, page after page, so that a long file doesn't stand in memory twice. */
export async function* allOf<T>(
  read: (page: { limit: number; cursor?: string }) => Promise<Page<T>>,
): AsyncGenerator<T> {
  let cursor: string | undefined
  for (let count = 0; count < ROWS_MAX; ) {
    const { items, next } = await read({ limit: PAGE, ...(cursor === undefined ? {} : { cursor }) })
    yield* items
    count += items.length
    if (next === null) return
    cursor = next
  }
}

async function* rowsOf<T>(items: AsyncIterable<T>, cells: (item: T) => Cell[]): AsyncGenerator<Cell[]> {
  for await (const item of items) yield cells(item)
}

export function sheetOf<T>(
  name: string,
  columns: readonly Column[],
  items: AsyncIterable<T>,
  cells: (item: T) => Cell[],
): Sheet {
  return { name, columns, rows: rowsOf(items, cells) }
}

export const titled = (...titles: string[]): Column[] => titles.map((title) => ({ title }))
export const momentOf = (instant: string) => `${dayOf(new Date(instant))} ${clockOf(new Date(instant))}`
export const categoriesOf = (codes: readonly string[]) =>
  codes.map((code) => (CATEGORY_WORDS as Record<string, string>)[code] ?? code).join('、')
