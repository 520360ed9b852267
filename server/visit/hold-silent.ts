import { atSite } from '../../shared/visit/raise'
import type { Db, Tx } from '../core/db'
import { logEach } from '../core/operation-log'
import { lockHelpersOf } from './lock'
import { raise } from './raise'

const CHUNK = 200

/**
 * Silence is not consent: a finished visit that nobody answered for in time is held with E08, which brings it before the
 * audit, and pays nothing.
 *
 * @returns how many were held
 */
export async function holdSilent(db: Db, at: Date): Promise<number> {
  const silent = await db.visit.findMany({
    where: { state: 'finished', silentFrom: { lte: at }, exceptions: { none: { code: 'E08', resolvedAt: null } } },
    select: { id: true },
    orderBy: { checkInAt: 'asc' },
  })
  for (let from = 0; from < silent.length; from += CHUNK) {
    const ids = silent.slice(from, from + CHUNK).map(({ id }) => id)
    await db.$transaction((tx) => hold(tx, ids, at))
  }
  return silent.length
}

async function hold(tx: Tx, ids: readonly string[], at: Date): Promise<void> {
  await lockHelpersOf(tx, ids)
  const visits = await tx.visit.findMany({
    where: { id: { in: [...ids] }, state: 'finished' },
    include: { exceptions: true },
  })
  const flags = await raise(
    tx,
    new Map(visits.map(({ id, siteId }) => [id, [{ code: 'E08', detail: atSite(siteId) }]])),
    visits.flatMap(({ exceptions }) => exceptions),
    () => at,
  )
  for (const [id, flag] of flags) await tx.visit.update({ where: { id }, data: { flag } })
  await logEach(
    tx,
    visits.map(({ id, regionPath }) => ({
      actor: null,
      at,
      action: 'holdSilent',
      resource: 'visit',
      resourceId: id,
      regionPath,
    })),
  )
}
