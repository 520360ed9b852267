import { availableParallelism } from 'node:os'
import { openThreads } from '../core/threads'
import type { AuditReport } from '../ledger/books'
import { BOOK_PARTS } from '../ledger/books'
import type { Hands } from './audit'
import type { AuditAnswer, AuditAsk } from './audit-thread'
import type { PageAnswer } from './leaf-page'
import type { Unsealed } from './unsealed'

/** More take memory and wait for the same disk. */
const THREADS_MAX = 4

/** Lends an audit threads that read beside it, as many as there are processors, and two at least. */
export async function withHands<T>(databaseUrl: string, work: (hands: Hands) => Promise<T>): Promise<T> {
  const count = Math.max(2, Math.min(availableParallelism(), THREADS_MAX))
  const threads = openThreads<AuditAsk, AuditAnswer>('server/proof/audit-thread.ts', count, { databaseUrl })
  const hands: Hands = {
    async *readPages(asks) {
      const each = function* () {
        for (const page of asks) yield { page }
      }
      for await (const answer of threads.inOrder(each())) yield answer as PageAnswer
    },
    async auditRest(onRows, at) {
      const [unsealed, ...parts] = await Promise.all([
        threads.ask('unsealed') as Promise<Unsealed>,
        ...BOOK_PARTS.map((books) => threads.ask({ books, at }, onRows) as Promise<AuditReport>),
      ])
      const sum = (count: (one: AuditReport) => number) => parts.reduce((all, one) => all + count(one), 0)
      return [
        unsealed,
        {
          transactions: sum((one) => one.transactions),
          entries: sum((one) => one.entries),
          accounts: sum((one) => one.accounts),
          visits: sum((one) => one.visits),
          problem: parts.find(({ problem }) => problem !== null)?.problem ?? null,
        },
      ]
    },
  }
  try {
    return await work(hands)
  } finally {
    await threads.close()
  }
}
