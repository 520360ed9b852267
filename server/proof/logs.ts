import { randomBytes } from 'node:crypto'
import { findBy, type RowOf } from '../core/bulk'
import type { LogConfig } from '../core/config'
import { type Db, query, type Reader, type Tx } from '../core/db'

/** A county's log. `path` is where the county is today. */
export type CountyLog = { regionId: string; name: string; origin: string; path: string; programmeIds: string[] }

/** The log of every county (or zone) that has a programme; one that has none yet gets it now. */
export async function openLogs(db: Db, config: LogConfig): Promise<CountyLog[]> {
  const programmes = await db.programme.findMany({ select: { regionId: true } })
  const known = new Set((await db.log.findMany({ select: { regionId: true } })).map((one) => one.regionId))
  for (const regionId of new Set(programmes.map((one) => one.regionId))) {
    if (known.has(regionId)) continue
    const { code } = await db.region.findUniqueOrThrow({ where: { id: regionId }, select: { code: true } })
    const name = `${code}-${randomBytes(4).toString('hex')}`
    await db.$executeRaw`
      INSERT INTO log ("regionId", "name", "origin") VALUES (${regionId}, ${name}, ${`${config.host}/log/${name}`})
      ON CONFLICT ("regionId") DO NOTHING`
  }
  return findLogs(db)
}

/** The logs there are, in the order of their names. */
export async function findLogs(db: Reader): Promise<CountyLog[]> {
  const logs = await query<RowOf<'Log'>>(db, 'SELECT * FROM log ORDER BY "name"')
  const regionIds = logs.map((one) => one.regionId)
  const regions = await findBy(db, 'Region', 'id', regionIds)
  const programmes = await findBy(db, 'Programme', 'regionId', regionIds, ' ORDER BY "id"')
  return logs.map((log) => ({
    ...log,
    path: regions.find((one) => one.id === log.regionId)?.path ?? '/',
    programmeIds: programmes.filter((one) => one.regionId === log.regionId).map((one) => one.id),
  }))
}

/** One sealer at a time: whoever comes second waits here until the first has committed. */
export async function lockLog(tx: Tx, regionId: string): Promise<void> {
  await tx.$executeRaw`UPDATE log SET "name" = "name" WHERE "regionId" = ${regionId}`
}

export async function lastCheckpoint(db: Reader, regionId: string): Promise<RowOf<'LogCheckpoint'> | null> {
  const [last] = await query<RowOf<'LogCheckpoint'>>(
    db,
    'SELECT * FROM log_checkpoint WHERE "regionId" = $1 ORDER BY "size" DESC LIMIT 1',
    regionId,
  )
  return last ?? null
}
