import type { z } from 'zod'
import { Refusal, refuse } from '../../shared/core/refusals'
import { addSeconds, type Day, dayOf } from '../../shared/core/time'
import type { areaEventReachQuery, declareAreaEventInput } from '../../shared/elder/input'
import type { AreaEventReach } from '../../shared/elder/view'
import { EVENT_WORDS } from '../../shared/elder/words'
import { can } from '../../shared/session/permissions'
import type { Actor } from '../core/actor'
import { groupBy, insertAll } from '../core/bulk'
import { type Db, query, type Reader, type Tx, transact, underPath } from '../core/db'
import { newId } from '../core/ids'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { type Notice, notify } from '../notice/notify'
import { nearestStaffOf } from '../notice/staff'
import { openPairs } from '../pairing/queries'
import { findRegionInScope } from '../region/queries'

type Declare = z.output<typeof declareAreaEventInput>
type Reached = { id: string; regionId: string; regionPath: string; owed: boolean | number }
/** More at once would keep everybody else waiting: by town, or by category. */
const ELDERS_MOST = 20_000
const CHUNK = 2_000
/** Staff may declare what began a little while ago. */
const BEGAN_HOURS_MOST = 72

/**
 * Heat, cold, a festival, an alarm for an area or a list: each elder it is about is owed a visit within the hours of the rules
 * from the moment it begins, on the due list and in the plan; the desks of the villages and the paired helpers are told.
 *
 * @throws Refusal NOT_FOUND, DATE_IN_FUTURE, EVENT_TOO_OLD, AREA_EVENT_NOBODY, AREA_EVENT_NO_RULE, AREA_EVENT_MANY
 */
export async function declareAreaEvent(db: Db, actor: Actor, input: Declare, at: Date): Promise<{ id: string }> {
  return transact(db, (tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'declareAreaEvent', input, at }, async () => {
      const { id, kind, note, regionId, categories, elderIds } = input
      const region = await findRegionInScope(tx, actor, can('elder.keep'), regionId)
      const happenedAt = input.happenedAt === undefined ? at : new Date(input.happenedAt)
      refuse(happenedAt > at ? 'DATE_IN_FUTURE' : null, { field: 'happenedAt' })
      refuse(happenedAt < addSeconds(at, -BEGAN_HOURS_MOST * 3600) ? 'EVENT_TOO_OLD' : null, { field: 'happenedAt' })
      const reached = await eldersReached(tx, region.path, input, dayOf(happenedAt))
      refuse(reached.length === 0 ? 'AREA_EVENT_NOBODY' : null, { field: 'categories' })
      refuse(reached.length > ELDERS_MOST ? 'AREA_EVENT_MANY' : null, { field: 'categories' })
      if (!reached.some(({ owed }) => Boolean(owed))) throw new Refusal('AREA_EVENT_NO_RULE')
      const made = { happenedAt, note, byPersonId: actor.personId, recordedAt: at }
      await insertAll(tx, 'area_event', [
        {
          ...{ id, kind, regionId, regionPath: region.path, elders: reached.length, ...made },
          categories: elderIds.length > 0 ? '' : categories.join(','),
        },
      ])
      for (let from = 0; from < reached.length; from += CHUNK)
        await insertAll(
          tx,
          'elder_event',
          reached.slice(from, from + CHUNK).map((one) => ({
            ...{ id: newId(at), elderId: one.id, kind, day: dayOf(happenedAt), areaEventId: id, ...made },
          })),
        )
      await tell(tx, kind, id, reached, at)
      await logOperation(tx, actor, {
        ...{ at, action: 'declareAreaEvent', resource: 'areaEvent', resourceId: id, regionPath: region.path },
        after: { kind, happenedAt, categories, elders: reached.length },
      })
      return { id }
    }),
  )
}

/** How many it would be about, before it is declared. */
export async function reachOfAreaEvent(
  db: Db,
  actor: Actor,
  asked: z.output<typeof areaEventReachQuery>,
  at: Date,
): Promise<AreaEventReach> {
  const region = await findRegionInScope(db, actor, can('elder.keep'), asked.regionId)
  const reached = await eldersReached(db, region.path, { ...asked, elderIds: [] }, dayOf(at))
  return { elders: reached.length, owed: reached.filter(({ owed }) => Boolean(owed)).length, most: ELDERS_MOST }
}

/** Whose home is there, who has one of these categories on that day and isn't away; `owed`: a rule says within hours. */
async function eldersReached(
  db: Reader,
  path: string,
  { categories, elderIds }: Pick<Declare, 'categories' | 'elderIds'>,
  day: Day,
): Promise<Reached[]> {
  const { gte, lt } = underPath(path)
  const inForce = (row: string) => `${row}."validFrom" <= $3 AND (${row}."validTo" IS NULL OR ${row}."validTo" >= $3)`
  const isNamed = elderIds.length > 0
  const found = await query<Reached>(
    db,
    `SELECT e."id", e."regionId", e."regionPath", EXISTS (
       SELECT 1 FROM elder_category AS t JOIN requirement AS r ON r."category" = t."category"
       WHERE t."elderId" = e."id" AND r."interval" = 'event' AND ${inForce('t')} AND ${inForce('r')}
         AND substr(e."regionPath", 1, length(r."regionPath")) = r."regionPath") AS "owed"
     FROM elder AS e
     WHERE e."regionPath" >= $1 AND e."regionPath" < $2 AND e."endedDay" IS NULL
       AND NOT EXISTS (SELECT 1 FROM elder_exit AS x WHERE x."elderId" = e."id" AND ${inForce('x')})
       AND ${
         isNamed
           ? `e."id" IN LIST($4)`
           : `EXISTS (SELECT 1 FROM elder_category AS c WHERE c."elderId" = e."id" AND ${inForce('c')}
                AND c."category" IN LIST($4))`
       }
     ORDER BY e."id" LIMIT ${ELDERS_MOST + 1}`,
    gte,
    lt,
    day,
    isNamed ? elderIds : categories,
  )
  if (isNamed && found.length < new Set(elderIds).size) throw new Refusal('NOT_FOUND', { field: 'elderIds' })
  return found
}

async function tell(tx: Tx, kind: Declare['kind'], id: string, reached: readonly Reached[], at: Date): Promise<void> {
  const word = EVENT_WORDS[kind]
  const inVillage = groupBy(reached, ({ regionPath }) => regionPath)
  const villages = [...new Set(reached.map(({ regionPath }) => regionPath))]
  const staff = await nearestStaffOf(tx, can('elder.keep'), villages, at)
  const notices: Notice[] = villages.flatMap((path) => {
    const own = inVillage(path)
    return (staff.get(path) ?? []).map((personId) => ({
      personId,
      kind: 'visitDue' as const,
      title: `${word}，要去看老人`,
      body: `${own.length} 位老人要尽快去看，请在探访安排里派人。`,
      deskLink: `/plan?regionId=${own[0]?.regionId ?? ''}`,
      key: `visitDue|${id}|${path}|${personId}`,
    }))
  })
  const pairs = await openPairs(
    tx,
    reached.map(({ id: elderId }) => elderId),
  )
  const members = await tx.member.findMany({
    where: { id: { in: [...new Set(pairs.map(({ memberId }) => memberId))] }, state: 'active' },
    select: { id: true, personId: true },
  })
  for (const { personId } of members)
    notices.push({
      personId,
      kind: 'visitDue',
      title: `${word}，去看看老人`,
      body: '您结对的老人要尽快去看一看。',
      phoneLink: '/elder/apart/paired',
      key: `visitDue|${id}|paired|${personId}`,
    })
  await notify(tx, notices, at)
}
