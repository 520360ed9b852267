// A thread of `mulin ledger audit`: reads pages of a log and parts of the books on a connection of its own, without Prisma.
import { parentPort, workerData } from 'node:worker_threads'
import { openReading } from '../core/reading'
import type { Answered, Asked } from '../core/threads'
import type { AuditReport } from '../ledger/books'
import { auditBooks } from '../ledger/books'
import { type PageAnswer, type PageAsk, readLeafPage } from './leaf-page'
import { findUnsealed, type Unsealed } from './unsealed'

export type AuditAsk = { page: PageAsk } | { books: readonly [number, number]; at: Date | undefined } | 'unsealed'
export type AuditAnswer = PageAnswer | AuditReport | Unsealed

const { databaseUrl } = (workerData as { given: { databaseUrl: string } }).given
const reading = openReading(databaseUrl)
const say = (answered: Answered<AuditAnswer>) => parentPort?.postMessage(answered)

async function answer({ no, ask }: Asked<AuditAsk>): Promise<AuditAnswer> {
  const driver = await reading
  if (ask === 'unsealed') return findUnsealed(driver)
  if ('page' in ask) return readLeafPage(driver, ask.page)
  return auditBooks(driver, (rows) => say({ no, progress: rows }), ask.at, ask.books)
}

let last: Promise<unknown> = reading.catch(() => {}) // asked, it tells
parentPort?.on('message', (asked: Asked<AuditAsk>) => {
  last = last.then(() =>
    answer(asked).then(
      (done) => say({ no: asked.no, answer: done }),
      (error: Error) => say({ no: asked.no, error: error.stack ?? error.message }),
    ),
  )
})
