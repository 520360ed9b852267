import { randomBytes } from 'node:crypto'
import type { LogConfig } from '../core/config'
import type { Db, Reader, Tx } from '../core/db'

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
  const logs = await db.log.findMany({ orderBy: { name: 'asc' } })
  const regions = await db.region.findMany({
    where: { id: { in: logs.map((one) => one.regionId) } },
    select: { id: true, path: true },
  })
  const programmes = await db.programme.findMany({
    where: { regionId: { in: logs.map((one) => one.regionId) } },
    select: { id: true, regionId: true },
    orderBy: { id: 'asc' },
  })
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

export function lastCheckpoint(db: Reader, regionId: string) {
  return db.logCheckpoint.findFirst({ where: { regionId }, orderBy: { size: 'desc' } })
}
