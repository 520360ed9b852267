import { createHash } from 'node:crypto'
import { Refusal } from '../../shared/core/refusals'
import { only, type Settled, settled } from './batch'
import { findBy, insertNew, updateRows } from './bulk'
import { execute, type Tx } from './db'

/** @param key made by the client before sending; belongs to the person */
export type OnceAsk = { key: string; personId: string; input: unknown; at: Date }

/**
 * Does a write once, whatever the client repeats. The row of the key and what the work writes are one commit: after a lost
 * answer, a restart or a double tap the same request gets the first answer; another request under the same key is refused.
 *
 * @param work returns the outcome to answer with: JSON, free of personal data
 * @throws Refusal IDEMPOTENCY_CONFLICT
 */
export async function once<T>(tx: Tx, ask: OnceAsk & { verb: string }, work: () => Promise<T>): Promise<T> {
  return only(
    await onceEach(
      tx,
      ask.verb,
      [ask],
      (one) => one,
      async () => [settled(await work())],
    ),
  )
}

/**
 * The same for a list of different keys, with a statement or two for all of them. Whose work is refused leaves no row: the
 * same request is judged anew when it comes again.
 *
 * @param work does those that are new, and answers for each of them in order
 */
export async function onceEach<A, T>(
  tx: Tx,
  verb: string,
  asks: readonly A[],
  askOf: (ask: A) => OnceAsk,
  work: (fresh: readonly A[]) => Promise<Settled<T>[]>,
): Promise<Settled<T>[]> {
  const rows = asks.map((ask) => rowOf(verb, askOf(ask)))
  // INSERT … ON CONFLICT waits for a twin that is still open, and then sees its row. In order, so that no two lists wait for
  // each other.
  const inOrder = [...rows].sort((one, other) => (one.key < other.key ? -1 : 1))
  const fresh = new Set(await insertNew(tx, 'idempotency', inOrder, 'key'))
  const known = new Map(
    (
      await findBy(
        tx,
        'Idempotency',
        'key',
        rows.map(({ key }) => key).filter((key) => !fresh.has(key)),
      )
    ).map((row) => [row.key, row]),
  )
  const isFresh = (_: unknown, place: number) => fresh.has(rows[place]?.key ?? '')
  const done = fresh.size === 0 ? [] : await work(asks.filter(isFresh))
  const freshRows = rows.filter(isFresh)
  await keepAnswers(tx, freshRows, done)
  const answered = new Map(freshRows.map((row, place) => [row.key, done[place] as Settled<T>]))
  return rows.map(({ key, requestHash }) => {
    const first = known.get(key)
    if (first === undefined) return answered.get(key) as Settled<T>
    if (first.requestHash !== requestHash) return { answer: null, refusal: new Refusal('IDEMPOTENCY_CONFLICT') }
    return settled(JSON.parse(first.answer) as T)
  })
}

type Row = ReturnType<typeof rowOf>

function rowOf(verb: string, { key, personId, input, at }: OnceAsk) {
  return {
    key: `${verb}:${key}`,
    personId,
    verb,
    requestHash: hashOf([personId, input]),
    answer: '',
    recordedAt: at,
  }
}

async function keepAnswers<T>(tx: Tx, rows: readonly Row[], done: readonly Settled<T>[]): Promise<void> {
  const refused = rows.filter((_, place) => done[place]?.refusal !== null).map(({ key }) => key)
  const answers = rows.flatMap(({ key }, place) => {
    const one = done[place]
    return one === undefined || one.refusal !== null ? [] : [{ key, answer: JSON.stringify(one.answer) }]
  })
  await updateRows(tx, 'idempotency', ['key'], answers)
  if (refused.length > 0) await execute(tx, `DELETE FROM idempotency WHERE "key" IN LIST($1)`, refused)
}

/** Hash of a value in one spelling: keys sorted, undefined left out. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex')
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value !== null && typeof value === 'object') {
    const pairs = Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${pairs.map(([name, one]) => `${JSON.stringify(name)}:${canonical(one)}`).join(',')}}`
  }
  return JSON.stringify(value) ?? 'null'
}
