import { Cron } from 'croner'
import { addSeconds } from '../../shared/core/time'
import type { Db } from '../core/db'
import { newId } from '../core/ids'
import { bugOf } from '../core/log'
import type { Parts } from '../core/route'
import { JOBS, OFTEN } from './list'

const LEASE_SECONDS = 600
const TRIES_MAX = 5

/**
 * Starts the clockwork: each tick writes one row per job (the same on every process, so the key lets one through) and works
 * off what is due. A job that died with its process is taken up again when its lease runs out.
 *
 * @returns what stops it
 */
export function runJobs(parts: Parts): () => void {
  // a database or a clock that is away for a moment ends a tick, not the process
  const failed = (error: unknown) => parts.log.error({ bug: error instanceof Error ? error.name : 'unknown' })
  const crons = JOBS.map(
    (job) =>
      new Cron(job.cron, { timezone: 'Asia/Shanghai', protect: true, catch: failed }, async () => {
        const at = parts.now()
        await enqueue(parts.db, job.kind, `${job.kind}:${at.toISOString().slice(0, 16)}`, at)
        await runDue(parts, at)
      }),
  )
  crons.push(
    ...OFTEN.map(
      (job) =>
        new Cron(job.cron, { timezone: 'Asia/Shanghai', protect: true, catch: failed }, async () => {
          await job.run(parts, parts.now()).catch((error: unknown) => {
            parts.log.error({ job: job.kind, bug: bugOf(error) })
          })
        }),
    ),
  )
  return () => {
    for (const cron of crons) cron.stop()
  }
}

export async function enqueue(db: Db, kind: string, key: string, dueAt: Date): Promise<void> {
  await db.$executeRaw`INSERT INTO job ("id", "kind", "key", "dueAt", "tries") VALUES (${newId(dueAt)}, ${kind}, ${key}, ${dueAt}, 0) ON CONFLICT ("key") DO NOTHING`
}

/** Works off what is due, one by one; a failure is written down and tried again at a later tick. */
export async function runDue(parts: Parts, at: Date): Promise<number> {
  const free = {
    doneAt: null,
    dueAt: { lte: at },
    tries: { lt: TRIES_MAX },
    OR: [{ leasedUntil: null }, { leasedUntil: { lte: at } }],
  }
  const due = await parts.db.job.findMany({ where: free, orderBy: { dueAt: 'asc' }, take: 50 })
  let done = 0
  for (const row of due) {
    const job = JOBS.find((one) => one.kind === row.kind)
    const leased = await parts.db.job.updateMany({
      where: { ...free, id: row.id },
      data: { leasedUntil: addSeconds(at, LEASE_SECONDS), tries: { increment: 1 } },
    })
    if (job === undefined || leased.count === 0) continue
    try {
      await job.run(parts, at)
      await parts.db.job.update({ where: { id: row.id }, data: { doneAt: parts.now(), leasedUntil: null } })
      done += 1
    } catch (error) {
      const lastError = error instanceof Error ? error.name : 'unknown'
      await parts.db.job.update({ where: { id: row.id }, data: { leasedUntil: null, lastError } })
      parts.log.error({ job: row.kind, bug: bugOf(error) })
    }
  }
  return done
}
