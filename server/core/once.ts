import { createHash } from 'node:crypto'
import { Refusal } from '../../shared/core/refusals'
import type { Tx } from './db'

/**
 * Does a write once, whatever the client repeats. The row of the key and what the work writes are one commit: after a lost
 * answer, a restart or a double tap the same request gets the first answer; another request under the same key is refused.
 *
 * @param ask.key made by the client before sending; belongs to the person
 * @param work returns the outcome to answer with: JSON, free of personal data
 * @throws Refusal IDEMPOTENCY_CONFLICT
 */
export async function once<T>(
  tx: Tx,
  ask: { key: string; personId: string; verb: string; input: unknown; at: Date },
  work: () => Promise<T>,
): Promise<T> {
  const key = `${ask.verb}:${ask.key}`
  const requestHash = hashOf([ask.personId, ask.input])
  // INSERT … ON CONFLICT waits for a twin that is still open, and then sees its row.
  const fresh = await tx.$executeRaw`
    INSERT INTO idempotency ("key", "personId", "verb", "requestHash", "answer", "recordedAt")
    VALUES (${key}, ${ask.personId}, ${ask.verb}, ${requestHash}, '', ${ask.at}) ON CONFLICT ("key") DO NOTHING`
  if (fresh === 0) {
    const first = await tx.idempotency.findUniqueOrThrow({ where: { key } })
    if (first.requestHash !== requestHash) throw new Refusal('IDEMPOTENCY_CONFLICT')
    return JSON.parse(first.answer) as T
  }
  const outcome = await work()
  await tx.idempotency.update({ where: { key }, data: { answer: JSON.stringify(outcome) } })
  return outcome
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
