import type { AlarmListQuery } from '../../shared/alarm/input'
import type { AlarmView } from '../../shared/alarm/view'
import { maskName } from '../../shared/person/rules'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db } from '../core/db'
import { cursorOf, readCursor, toPage } from '../core/input'
import { elderNames } from '../elder/queries'
import { openPersons } from '../person/vault'
import { findRegionInScope, regionNames } from '../region/queries'

/** Alarms of the actor's regions: open ones, the most pressing first; closed ones, the latest first. */
export async function listAlarms(db: Db, keys: Keys, actor: Actor, query: AlarmListQuery, at: Date) {
  const within =
    query.regionId === undefined
      ? undefined
      : (await findRegionInScope(db, actor, can('alarm.read'), query.regionId)).path
  const isOpen = query.state === 'open'
  const [before, beforeId] = readCursor(query.cursor, 2) ?? []
  const next =
    before === undefined
      ? {}
      : isOpen
        ? { OR: [{ dueAt: { gt: new Date(before) } }, { dueAt: new Date(before), id: { gt: beforeId ?? '' } }] }
        : { OR: [{ openedAt: { lt: new Date(before) } }, { openedAt: new Date(before), id: { lt: beforeId ?? '' } }] }
  const rows = await db.alarm.findMany({
    where: { AND: [inScope(actor, can('alarm.read'), within), { state: isOpen ? { not: 'closed' } : 'closed' }, next] },
    orderBy: isOpen ? [{ dueAt: 'asc' }, { id: 'asc' }] : [{ openedAt: 'desc' }, { id: 'desc' }],
    take: query.limit + 1,
  })
  const elders = await elderNames(
    db,
    keys,
    rows.map(({ elderId }) => elderId),
  )
  const regions = await regionNames(
    db,
    rows.map(({ regionId }) => regionId),
  )
  const persons = await openPersons(
    db,
    keys,
    rows
      .flatMap((row) => [row.openedByPersonId, row.takenByPersonId ?? '', row.closedByPersonId ?? ''])
      .filter((id) => id !== ''),
  )
  const nameOf = (id: string | null) => (id === null ? null : maskName(persons.get(id)?.name ?? ''))
  return toPage(
    rows,
    query.limit,
    (row): AlarmView => ({
      ...{ id: row.id, elderId: row.elderId, words: row.words, regionId: row.regionId, outcome: row.outcome },
      regionName: regions.get(row.regionId)?.name ?? '',
      elderName: elders.get(row.elderId)?.maskedName ?? '',
      openedByName: nameOf(row.openedByPersonId) ?? '',
      openedAt: row.openedAt.toISOString(),
      level: row.level as AlarmView['level'],
      dueAt: row.dueAt.toISOString(),
      isOverdue: row.state !== 'closed' && row.dueAt <= at,
      state: row.state as AlarmView['state'],
      takenByName: nameOf(row.takenByPersonId),
      closedByName: nameOf(row.closedByPersonId),
      closedAt: row.closedAt?.toISOString() ?? null,
    }),
    (row) => cursorOf((isOpen ? row.dueAt : row.openedAt).toISOString(), row.id),
  )
}
