import { z } from 'zod'
import { REFUSALS, Refusal, type RefusalCode } from '../../shared/core/refusals'

/**
 * Reads a request part by its shape.
 * @throws Refusal with the field it is about; a message that is a refusal code becomes that refusal
 */
export function readInput<T>(shape: z.ZodType<T>, value: unknown): T {
  const read = shape.safeParse(value)
  if (read.success) return read.data
  const issue = read.error.issues[0] as z.core.$ZodIssue
  throw new Refusal(codeOf(issue), fieldOf(issue))
}

function codeOf(issue: z.core.$ZodIssue): RefusalCode {
  if (issue.message in REFUSALS) return issue.message as RefusalCode
  if (issue.code === 'unrecognized_keys') return 'UNKNOWN_KEY'
  if (issue.code === 'too_big' && issue.origin === 'string') return 'TOO_LONG'
  if (issue.code === 'invalid_type' && issue.input === undefined) return 'REQUIRED'
  return 'BAD_INPUT'
}

function fieldOf(issue: z.core.$ZodIssue): { field?: string } {
  const path = issue.path.map(String).join('.')
  return path === '' ? {} : { field: path }
}

/** An id in a path; what is none can't be found. */
export function readId(text: string | undefined): string {
  if (text === undefined || !z.uuid().safeParse(text).success) throw new Refusal('NOT_FOUND')
  return text
}

/** Keyset paging: a cursor is the last row's sort keys. */
export function cursorOf(...keys: (string | number)[]): string {
  return Buffer.from(JSON.stringify(keys)).toString('base64url')
}

/** @throws Refusal BAD_INPUT for anything but a cursor of ours with `length` keys */
export function readCursor(cursor: string | undefined, length: number): string[] | null {
  if (cursor === undefined || cursor === '') return null
  try {
    const keys: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (Array.isArray(keys) && keys.length === length) return keys.map(String)
  } catch {
    // falls through to the refusal: not JSON is not ours either
  }
  throw new Refusal('BAD_INPUT', { field: 'cursor' })
}

/**
 * The moment in a cursor.
 * @throws Refusal BAD_INPUT for what is none: a cursor can be made up
 */
export function readMoment(key: string | undefined): Date {
  const moment = new Date(key ?? '')
  if (Number.isNaN(moment.getTime())) throw new Refusal('BAD_INPUT', { field: 'cursor' })
  return moment
}

/** Cuts a list read with `take: limit + 1` into a page. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  show: (row: Row) => Item,
  keyOf: (row: Row) => string,
): { items: Item[]; next: string | null } {
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return { items: page.map(show), next: rows.length > limit && last !== undefined ? keyOf(last) : null }
}
