import { type Db, type Reader, urlOf } from '../core/db'
import { newId } from '../core/ids'
import type { Parts } from '../core/route'
import { auditAll, type WholeReport } from './audit'
import { withHands } from './hands'
import { openLogs } from './logs'
import { sealLog } from './seal'

/** Looks for anything unsealed, however old, audits books and log, and writes down what it found. */
export async function auditNightly({ db, config, now }: Parts, at: Date): Promise<WholeReport> {
  for (const log of await openLogs(db, config.log)) await sealLog(db, log, at, 'everything')
  const report = await withHands(urlOf(db), (hands) => auditAll(db, config.log, undefined, at, hands))
  await keepAudit(db, report, at, now())
  return report
}

async function keepAudit(db: Db, report: WholeReport, begunAt: Date, endedAt: Date): Promise<void> {
  await db.ledgerAudit.create({
    data: { id: newId(endedAt), begunAt, endedAt, clean: report.problem === null, report: JSON.stringify(report) },
  })
}

/** What the last audit said; null before the first. */
export function lastAudit(db: Reader) {
  return db.ledgerAudit.findFirst({ orderBy: [{ endedAt: 'desc' }, { id: 'desc' }] })
}
