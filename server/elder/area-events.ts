import type { z } from 'zod'
import type { areaEventListQuery } from '../../shared/elder/input'
import type { AreaEventView } from '../../shared/elder/view'
import type { Category } from '../../shared/elder/words'
import { maskName } from '../../shared/person/rules'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope, pathsOf } from '../core/actor'
import type { Keys } from '../core/config'
import { type Db, query as rowsOf } from '../core/db'
import { cursorOf, readCursor, readMoment, toPage } from '../core/input'
import { openPersons } from '../person/vault'
import { findRegionInScope, pathsAbove, regionNames } from '../region/queries'

type Seen = { areaEventId: string; visited: bigint }

/** What was declared for areas of the actor's regions, the latest first, with how many of the elders somebody was at since. */
export async function listAreaEvents(db: Db, keys: Keys, actor: Actor, query: z.output<typeof areaEventListQuery>) {
  const within =
    query.regionId === undefined
      ? undefined
      : (await findRegionInScope(db, actor, can('elder.read'), query.regionId)).path
  const above = (within === undefined ? pathsOf(actor, can('elder.read')) : [within]).flatMap(pathsAbove)
  const cursor = readCursor(query.cursor, 2)
  const before = cursor === null ? null : readMoment(cursor[0])
  const rows = await db.areaEvent.findMany({
    where: {
      AND: [
        // what was declared for a place around theirs is theirs too
        { OR: [...inScope(actor, can('elder.read'), within).OR, { regionPath: { in: above } }] },
        cursor === null || before === null
          ? {}
          : { OR: [{ happenedAt: { lt: before } }, { happenedAt: before, id: { gt: cursor[1] } }] },
      ],
    },
    orderBy: [{ happenedAt: 'desc' }, { id: 'asc' }],
    take: query.limit + 1,
  })
  const shown = new Map((await showAreaEvents(db, keys, rows)).map((one) => [one.id, one]))
  return toPage(
    rows,
    query.limit,
    (row) => shown.get(row.id) as AreaEventView,
    (row) => cursorOf(row.happenedAt.toISOString(), row.id),
  )
}

export async function showAreaEvents(
  db: Db,
  keys: Keys,
  rows: readonly Awaited<ReturnType<Db['areaEvent']['findUniqueOrThrow']>>[],
): Promise<AreaEventView[]> {
  const seen = await rowsOf<Seen>(
    db,
    `SELECT e."areaEventId", COUNT(DISTINCT e."elderId") AS "visited" FROM elder_event AS e
     JOIN visit_elder AS s ON s."elderId" = e."elderId" AND s."counted" AND s."day" >= e."day"
     JOIN visit AS v ON v."id" = s."visitId" AND v."checkInAt" >= e."happenedAt"
     WHERE e."areaEventId" IN LIST($1) GROUP BY e."areaEventId"`,
    rows.map(({ id }) => id),
  )
  const visited = new Map(seen.map((one) => [one.areaEventId, Number(one.visited)]))
  const regions = await regionNames(
    db,
    rows.map(({ regionId }) => regionId),
  )
  const persons = await openPersons(
    db,
    keys,
    rows.map(({ byPersonId }) => byPersonId),
  )
  return rows.map(
    (row): AreaEventView => ({
      ...{ id: row.id, kind: row.kind as AreaEventView['kind'], note: row.note, elders: row.elders },
      ...{ regionId: row.regionId, regionName: regions.get(row.regionId)?.name ?? '' },
      categories: row.categories.split(',').filter((one): one is Category => one !== ''),
      happenedAt: row.happenedAt.toISOString(),
      byName: maskName(persons.get(row.byPersonId)?.name ?? ''),
      visited: visited.get(row.id) ?? 0,
    }),
  )
}
