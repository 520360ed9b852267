import type { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import type { areaEventElderQuery } from '../../shared/elder/input'
import type { AreaEventElder, AreaEventElders } from '../../shared/elder/view'
import { maskName } from '../../shared/person/rules'
import { can } from '../../shared/session/permissions'
import { type Actor, mayOver, pathsOf } from '../core/actor'
import { groupBy } from '../core/bulk'
import type { Keys } from '../core/config'
import { type Db, query as rowsOf, underPath } from '../core/db'
import { cursorOf, readCursor } from '../core/input'
import { openPersons } from '../person/vault'
import { findRegionInScope, pathsAbove, regionNames } from '../region/queries'
import { countyAround } from '../requirement/lives'
import { townOf, whomToSend } from '../requirement/plan'
import { showAreaEvents } from './area-events'
import { elderNames } from './queries'

type Row = { elderId: string; regionId: string; regionPath: string }

/**
 * Whom a declared event is about, by village: who was there since, or else whom to send. Staff of a village see their own
 * part of what was declared for the town.
 *
 * @throws Refusal NOT_FOUND for an event that has nothing to do with the actor's places
 */
export async function listAreaEventElders(
  db: Db,
  keys: Keys,
  actor: Actor,
  eventId: string,
  query: z.output<typeof areaEventElderQuery>,
  at: Date,
): Promise<AreaEventElders> {
  const event = await db.areaEvent.findUnique({ where: { id: eventId } })
  const staff = can('elder.read')
  const own = pathsOf(actor, staff)
  const isOurs = (path: string) => mayOver(actor, staff, path) || own.some((one) => pathsAbove(one).includes(path))
  if (event === null || !isOurs(event.regionPath)) throw new Refusal('NOT_FOUND')
  const asked = query.regionId === undefined ? null : await findRegionInScope(db, actor, staff, query.regionId)
  const parts = (asked === null ? own : [asked.path])
    .map((path) => (path.startsWith(event.regionPath) ? path : event.regionPath))
    .filter((path) => mayOver(actor, staff, path))
  const rows = await eldersOf(db, eventId, parts, query)
  const page = rows.slice(0, query.limit)
  const last = page.at(-1)
  const [shown] = await showAreaEvents(db, keys, [event])
  if (shown === undefined) throw new Refusal('NOT_FOUND')
  return {
    event: shown,
    items: await showElders(db, keys, event, page, at),
    next: rows.length > query.limit && last !== undefined ? cursorOf(last.regionPath, last.elderId) : null,
  }
}

async function eldersOf(
  db: Db,
  eventId: string,
  parts: readonly string[],
  query: z.output<typeof areaEventElderQuery>,
): Promise<Row[]> {
  const [path, elderId] = readCursor(query.cursor, 2) ?? ['', '']
  const rows: Row[] = []
  for (const part of [...new Set(parts)].sort()) {
    const { gte, lt } = underPath(part)
    rows.push(
      ...(await rowsOf<Row>(
        db,
        `SELECT e."id" AS "elderId", e."regionId", e."regionPath" FROM elder_event AS v JOIN elder AS e ON e."id" = v."elderId"
         WHERE v."areaEventId" = $1 AND e."regionPath" >= $2 AND e."regionPath" < $3
           AND (e."regionPath" > $4 OR (e."regionPath" = $4 AND e."id" > $5))
         ORDER BY e."regionPath", e."id" LIMIT ${query.limit + 1}`,
        eventId,
        gte,
        lt,
        path ?? '',
        elderId ?? '',
      )),
    )
    if (rows.length > query.limit) break
  }
  return rows
}

type Seen = { elderId: string; day: string; memberPersonId: string }

async function showElders(
  db: Db,
  keys: Keys,
  event: { id: string; happenedAt: Date },
  page: readonly Row[],
  at: Date,
): Promise<AreaEventElder[]> {
  const ids = page.map(({ elderId }) => elderId)
  const seen = await rowsOf<Seen>(
    db,
    `SELECT s."elderId", s."day", v."memberPersonId" FROM visit_elder AS s JOIN visit AS v ON v."id" = s."visitId"
     WHERE s."elderId" IN LIST($1) AND s."counted" AND s."day" >= $2 AND v."checkInAt" >= $3 ORDER BY v."checkInAt", v."id"`,
    ids,
    dayOf(event.happenedAt),
    event.happenedAt,
  )
  const firstOf = groupBy(seen, ({ elderId }) => elderId)
  const open = page.filter(({ elderId }) => firstOf(elderId).length === 0)
  const senders = await sendersOf(db, keys, open, at)
  const [names, regions, persons, tags] = [
    await elderNames(db, keys, ids),
    await regionNames(
      db,
      page.map(({ regionId }) => regionId),
    ),
    await openPersons(
      db,
      keys,
      seen.map(({ memberPersonId }) => memberPersonId),
    ),
    await db.elderCategory.findMany({
      where: { elderId: { in: ids }, validTo: null },
      select: { elderId: true, category: true },
    }),
  ]
  const tagsOf = groupBy(tags, ({ elderId }) => elderId)
  return page.map(({ elderId, regionId }) => {
    const [visit] = firstOf(elderId)
    return {
      ...{ elderId, regionId, regionName: regions.get(regionId)?.name ?? '' },
      maskedName: names.get(elderId)?.maskedName ?? '',
      categories: tagsOf(elderId).map(({ category }) => category),
      visitedDay: visit?.day ?? null,
      visitedBy: visit === undefined ? null : maskName(persons.get(visit.memberPersonId)?.name ?? ''),
      helper: senders.get(elderId) ?? null,
    }
  })
}

/** Town by town: a helper is sent within the town, but for who is paired. */
async function sendersOf(db: Db, keys: Keys, rows: readonly Row[], at: Date) {
  const today = dayOf(at)
  const county = rows[0] === undefined ? null : await countyAround(db, rows[0].regionPath)
  const townPathOf = ({ regionPath }: Row) =>
    county === null || !regionPath.startsWith(county.path) || regionPath === county.path
      ? regionPath
      : townOf(county.path, regionPath)
  const inTown = groupBy(rows, townPathOf)
  const found: Awaited<ReturnType<typeof whomToSend>> = new Map()
  for (const town of new Set(rows.map(townPathOf))) {
    const elders = inTown(town).map(({ elderId, regionPath }) => ({ elderId, regionPath, dueTo: today }))
    for (const [elderId, helper] of await whomToSend(db, keys, town, elders, today)) found.set(elderId, helper)
  }
  return found
}
