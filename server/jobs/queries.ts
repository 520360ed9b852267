import type { JobState } from '../../shared/report/view'
import type { Db } from '../core/db'
import { JOBS } from './list'

/** What the clock starts, when each last ended well, and what waits or failed: no personal data. */
export async function listJobs(db: Db, at: Date): Promise<JobState[]> {
  const done = await db.job.groupBy({ by: ['kind'], _max: { doneAt: true } })
  const open = await db.job.findMany({
    where: { doneAt: null, dueAt: { lte: at } },
    orderBy: { dueAt: 'desc' },
    take: 1000,
  })
  return JOBS.map(({ kind, cron }) => {
    const own = open.filter((one) => one.kind === kind)
    return {
      ...{ kind, cron, waiting: own.length },
      lastDoneAt: done.find((one) => one.kind === kind)?._max.doneAt?.toISOString() ?? null,
      lastError: own.find((one) => one.lastError !== null)?.lastError ?? null,
    }
  })
}
