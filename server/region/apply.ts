import { addDays, dayOf } from '../../shared/core/time'
import { type Db, Prisma, type Tx, underPath } from '../core/db'
import { newId } from '../core/ids'
import type { Region } from './queries'
import { forgetSettings } from './settings'
import { countyOf, findKind, lockTree, type VersionOf } from './tree'

/**
 * Who and what belongs to a place today follows it to its new path: powers, people in the registers, plates in force, open
 * orders, what is offered there. What happened (visits, closed orders, redemptions, the log) keeps the path of its day, and
 * so does a published scheme.
 */
const FOLLOWERS = [
  'staff_role',
  'member',
  'elder',
  'plate',
  'help_order',
  'service',
  'requirement',
  'redemption_point',
  'product',
  'fund_line',
] as const
const OPEN_ONLY: Partial<Record<(typeof FOLLOWERS)[number], string>> = {
  plate: '"revokedAt" IS NULL',
  help_order: `"state" IN ('open', 'accepted')`,
}
const WITH_COUNTY = ['region', 'member', 'elder', 'help_order'] as const

/** A job of every day: what was decided for a later day takes effect when that day comes. Answers how many regions changed. */
export async function applyRegionChanges(db: Db, at: Date): Promise<number> {
  const today = dayOf(at)
  const recent = await db.regionVersion.findMany({
    where: { validFrom: { gte: addDays(today, -LOOK_BACK_DAYS), lte: today } },
    orderBy: [{ validFrom: 'asc' }, { recordedAt: 'asc' }, { id: 'asc' }],
  })
  const latest = new Map(recent.map((one) => [one.regionId, one]))
  let changed = 0
  for (const version of latest.values()) {
    changed += await db.$transaction(async (tx) => {
      await lockTree(tx)
      return (await applyVersion(tx, version.regionId, version, at)) ? 1 : 0
    })
  }
  if (changed > 0) forgetSettings(db)
  return changed
}

/** A server that stood still this long still catches up. */
const LOOK_BACK_DAYS = 60

/** Makes the tree of today say what a version says; false when it does already. */
export async function applyVersion(
  tx: Tx,
  regionId: string,
  version: Omit<VersionOf, 'path'>,
  at: Date,
): Promise<boolean> {
  const region = await tx.region.findUniqueOrThrow({ where: { id: regionId } })
  const { code, name, fullName, kind, parentId } = version
  if (
    region.code === code &&
    region.name === name &&
    region.fullName === fullName &&
    region.kind === kind &&
    region.parentId === parentId
  )
    return false
  await tx.region.update({ where: { id: regionId }, data: { code, name, fullName, kind, parentId } })
  if (region.parentId !== parentId) await moveSubtree(tx, { ...region, kind, parentId }, at)
  return true
}

async function moveSubtree(tx: Tx, region: Region, at: Date): Promise<void> {
  const parent = region.parentId === null ? null : await tx.region.findUniqueOrThrow({ where: { id: region.parentId } })
  const path = `${parent?.path ?? '/'}${region.no}/`
  const countyId = countyOf({ id: region.id, level: (await findKind(tx, region.kind)).level }, parent)
  await repath(tx, 'region', 'path', region.path, path)
  await moveResidences(tx, region.path, path, at)
  for (const table of FOLLOWERS) await repath(tx, table, 'regionPath', region.path, path, OPEN_ONLY[table])
  if (countyId !== region.countyId) for (const table of WITH_COUNTY) await changeCounty(tx, table, path, countyId)
}

/** Where somebody lived is dated: until yesterday the old path, from today the new one. */
async function moveResidences(tx: Tx, from: string, to: string, at: Date): Promise<void> {
  const today = dayOf(at)
  const current = { regionPath: underPath(from), validTo: null }
  const open = await tx.elderResidence.findMany({ where: { ...current, validFrom: { lt: today } } })
  await tx.elderResidence.updateMany({
    where: { ...current, validFrom: { lt: today } },
    data: { validTo: addDays(today, -1) },
  })
  await tx.elderResidence.createMany({
    data: open.map((one) => ({
      ...one,
      id: newId(at),
      validFrom: today,
      regionPath: to + one.regionPath.slice(from.length),
    })),
  })
  await repath(tx, 'elder_residence', 'regionPath', from, to, '"validTo" IS NULL')
}

async function repath(tx: Tx, table: string, column: string, from: string, to: string, only?: string): Promise<void> {
  const { gte, lt } = underPath(from)
  const [name, path, rest] = [Prisma.raw(`"${table}"`), Prisma.raw(`"${column}"`), Prisma.raw(String(from.length + 1))]
  const open = only === undefined ? Prisma.empty : Prisma.raw(`AND ${only}`)
  await tx.$executeRaw`
    UPDATE ${name} SET ${path} = ${to} || substr(${path}, ${rest}) WHERE ${path} >= ${gte} AND ${path} < ${lt} ${open}`
}

/** Nothing that already has a county of its own further down is touched: counties don't lie inside counties. */
async function changeCounty(
  tx: Tx,
  table: (typeof WITH_COUNTY)[number],
  path: string,
  countyId: string | null,
): Promise<void> {
  const { gte, lt } = underPath(path)
  const column = Prisma.raw(table === 'region' ? '"path"' : '"regionPath"')
  const open = table === 'help_order' ? Prisma.raw(`AND ${OPEN_ONLY.help_order}`) : Prisma.empty
  await tx.$executeRaw`UPDATE ${Prisma.raw(`"${table}"`)} SET "countyId" = ${countyId} WHERE ${column} >= ${gte} AND ${column} < ${lt} ${open}`
}
