import { dayOf, firstDayOf, nextMonth } from '../../shared/core/time'
import { type Rung, rungOf } from '../../shared/requirement/plan'
import { MISSED_MONTHS } from '../../shared/requirement/rules'
import { can, type Permission } from '../../shared/session/permissions'
import { insertNew } from '../core/bulk'
import { type Db, query, type Reader } from '../core/db'
import { newId } from '../core/ids'
import { notify } from '../notice/notify'
import { nearestStaffOf } from '../notice/staff'
import { countyPaths, numbersOf } from '../region/queries'
import { settingsAt } from '../region/settings'
import { findOwed } from './owed'
import { townOf } from './plan'

const CHUNK = 1000
/** Whose matter it is by now, and who is told. */
const ANSWERS: Record<Rung, Permission> = {
  village: 'requirement.village',
  town: 'requirement.town',
  county: 'requirement.county',
}
const RUNG_WORDS: Record<Rung, string> = { village: '该去看还没去', town: '村里还没去看', county: '镇里还没去看' }

type Elder = { id: string; regionPath: string; countyId: string }
type Climbed = { id: string; elderId: string; regionPath: string; missedDay: string; rung: Rung; toldAt: Date }

/**
 * What was owed and not kept goes up from the village to the town to the county, by as many days as the place says; each desk
 * is told once how many are new to it.
 *
 * @param what `events`: only those something happened to, whose deadline is an hour and not a day
 * @returns how many became somebody's matter
 */
export async function climbLadder(db: Db, at: Date, what: 'all' | 'events'): Promise<number> {
  const counties = new Map((await countyPaths(db)).map((one) => [one.id, one.path]))
  let climbed = 0
  let after = ''
  for (;;) {
    const elders = await eldersAfter(db, after, what, at)
    climbed += await climbOf(db, elders, counties, at)
    after = elders.at(-1)?.id ?? ''
    if (elders.length < CHUNK) return climbed
  }
}

/** The elders of a turn, in the order of their ids. */
function eldersAfter(db: Reader, after: string, what: 'all' | 'events', at: Date): Promise<Elder[]> {
  const oldest = firstDayOf(nextMonth(dayOf(at).slice(0, 7), -MISSED_MONTHS))
  const about =
    what === 'all'
      ? `EXISTS (SELECT 1 FROM elder_category AS c WHERE c."elderId" = e."id" AND c."validFrom" >= $2)`
      : `EXISTS (SELECT 1 FROM elder_event AS v WHERE v."elderId" = e."id" AND v."day" >= $2)`
  return query<Elder>(
    db,
    `SELECT e."id", e."regionPath", e."countyId" FROM elder AS e
     WHERE e."id" > $1 AND e."endedDay" IS NULL AND ${about} ORDER BY e."id" LIMIT ${CHUNK}`,
    after,
    what === 'all' ? '' : oldest,
  )
}

async function climbOf(
  db: Db,
  elders: readonly Elder[],
  counties: ReadonlyMap<string, string>,
  at: Date,
): Promise<number> {
  const owed = await findOwed(
    db,
    elders.map(({ id }) => id),
    at,
  )
  const today = dayOf(at)
  const rows: Climbed[] = []
  for (const { id, regionPath } of elders) {
    const one = owed.get(id)
    if (one === undefined || one.missedDay === null) continue
    const { ladderTownDays, ladderCountyDays } = await settingsAt(db, regionPath, today)
    const rung = rungOf(one.overdueDays, ladderTownDays, ladderCountyDays)
    rows.push({ id: newId(at), elderId: id, regionPath, missedDay: one.missedDay, rung, toldAt: at })
  }
  if (rows.length === 0) return 0
  const countyOf = new Map(elders.map(({ id, countyId }) => [id, counties.get(countyId) ?? '/']))
  return db.$transaction(async (tx) => {
    const inOrder = [...rows].sort((a, b) => (a.elderId < b.elderId ? -1 : 1))
    const fresh = new Set(await insertNew(tx, 'overdue_visit', inOrder, 'id'))
    const desks = new Map<string, { rung: Rung; path: string; many: number }>()
    for (const { id, elderId, regionPath, rung } of rows) {
      if (!fresh.has(id)) continue
      const path = deskOf(rung, regionPath, countyOf.get(elderId) ?? '/')
      const key = `${rung}|${path}`
      const known = desks.get(key)
      desks.set(key, { rung, path, many: (known?.many ?? 0) + 1 })
    }
    await tellDesks(tx, [...desks.values()], at)
    return fresh.size
  })
}

/** The place whose desk answers for it. */
function deskOf(rung: Rung, regionPath: string, countyPath: string): string {
  if (rung === 'village') return regionPath
  return rung === 'county' || regionPath === countyPath ? countyPath : townOf(countyPath, regionPath)
}

async function tellDesks(
  tx: Parameters<typeof notify>[0],
  desks: readonly { rung: Rung; path: string; many: number }[],
  at: Date,
): Promise<void> {
  const numbers = desks.map(({ path }) => numbersOf(path).at(-1) ?? 0)
  const regions = await tx.region.findMany({
    where: { no: { in: numbers } },
    select: { id: true, no: true, name: true },
  })
  const notices = []
  for (const rung of ['village', 'town', 'county'] as const) {
    const own = desks.filter((desk) => desk.rung === rung)
    const staff = await nearestStaffOf(
      tx,
      can(ANSWERS[rung]),
      own.map(({ path }) => path),
      at,
    )
    for (const { path, many } of own) {
      const region = regions.find(({ no }) => no === numbersOf(path).at(-1))
      for (const personId of staff.get(path) ?? [])
        notices.push({
          personId,
          kind: 'visitOverdue' as const,
          title: `${many} 位老人超期没探访`,
          body: `${region?.name ?? ''}有 ${many} 位老人${RUNG_WORDS[rung]}，请安排人去。`,
          deskLink: `/plan?regionId=${region?.id ?? ''}`,
          key: `visitOverdue|${path}|${rung}|${personId}|${at.toISOString()}`,
        })
    }
  }
  await notify(tx, notices, at)
}
