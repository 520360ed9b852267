import type { z } from 'zod'
import type { countsQuery, QueueQuery } from '../../shared/audit/input'
import type { QueueCounts, QueueRow } from '../../shared/audit/view'
import { REFUSALS } from '../../shared/core/refusals'
import { type Day, dayOf } from '../../shared/core/time'
import type { Page } from '../../shared/core/view'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope } from '../core/actor'
import { findBy } from '../core/bulk'
import type { Keys } from '../core/config'
import type { Db, Prisma } from '../core/db'
import { toPage } from '../core/input'
import { findRegionInScope } from '../region/queries'
import { cursorAfter, findVisits } from '../visit/queries'
import { readSettings } from '../visit/settings'
import { showVisits } from '../visit/show'
import { calendarsOf, dueOf } from './calendar'
import { nextDecision, whyNotDecideNow } from './desk'
import { readApart } from './duties'

type Span = Pick<z.infer<typeof countsQuery>, 'from' | 'to' | 'regionId'>

/** What `isReady` of the rules says, for the database. */
const READY: Prisma.VisitWhereInput = {
  OR: [
    { state: { in: ['confirmed', 'disputed'] } },
    { state: 'finished', exceptions: { some: { code: 'E08', resolvedAt: null } } },
  ],
}

/** The desk's queue: what waits to be decided, by colour, or what was returned; each row with why it can't go into a batch. */
export async function listQueue(
  db: Db,
  keys: Keys,
  actor: Actor,
  query: QueueQuery,
  at: Date,
): Promise<Page<QueueRow>> {
  const where: Prisma.VisitWhereInput = {
    AND: [
      await within(db, actor, query),
      whereOfTab(query.tab),
      query.memberId ? { memberId: query.memberId } : {},
      query.level === undefined ? {} : { level: query.level },
    ],
  }
  const rows = await findVisits(db, where, { cursor: query.cursor, take: query.limit + 1 })
  const shown = new Map((await showVisits(db, keys, actor, rows, at)).map((visit) => [visit.id, visit]))
  const [settings, calendars] = [await readSettings(db, rows), await calendarsOf(db, rows)]
  const isApart = await readApart(db, rows, at)
  const firsts = await findBy(
    db,
    'FirstApproval',
    'visitId',
    rows.map(({ id }) => id),
  )
  return toPage(
    rows,
    query.limit,
    (row): QueueRow => {
      const due = isWaiting(row)
        ? dueOf(
            calendars(row.regionPath),
            waitingSince(row),
            settings(row.regionPath, row.day).auditWorkdays,
            dayOf(at),
          )
        : null
      const by = { decision: nextDecision(row), isBatch: true, isApart: isApart(row.regionPath) }
      const whyNot = whyNotDecideNow(actor, row, by)
      return {
        ...(shown.get(row.id) as NonNullable<ReturnType<typeof shown.get>>),
        whyNot,
        whyNotSentence: whyNot === null ? null : REFUSALS[whyNot][1],
        dueSentence: due?.sentence ?? '',
        late: due?.late ?? false,
        awaitsSecond: firsts.some((one) => one.visitId === row.id && one.revision === row.decisions.length),
      }
    },
    cursorAfter,
  )
}

/** How many wait, by colour, and how many were returned. */
export async function countQueue(db: Db, actor: Actor, span: Span): Promise<QueueCounts> {
  const scope = await within(db, actor, span)
  const groups = await db.visit.groupBy({ by: ['flag'], where: { AND: [scope, READY] }, _count: true })
  const returned = await db.visit.count({ where: { AND: [scope, whereOfTab('returned')] } })
  const of = (flag: string) => groups.find((group) => group.flag === flag)?._count ?? 0
  const [red, amber, clean] = [of('red'), of('amber'), of('clean')]
  const path =
    span.regionId === undefined
      ? undefined
      : (await findRegionInScope(db, actor, can('audit.read'), span.regionId)).path
  const here = inScope(actor, can('audit.read'), path)
  const spot = await db.spotItem.count({ where: { AND: [here, { finding: null }] } })
  const appeals = await db.appeal.count({ where: { AND: [here, { state: 'waiting' }] } })
  return { waiting: red + amber + clean, red, amber, clean, returned, spot, appeals }
}

type Line = Awaited<ReturnType<typeof findVisits>>[number]

const isWaiting = ({ state }: Line) => state !== 'approved' && state !== 'returned'

/** The day it became ready for the desk: the elder's answer, or when the silence was over. */
function waitingSince({ confirmations, silentFrom, checkInAt }: Line): Day {
  return dayOf(confirmations.at(-1)?.at ?? silentFrom ?? checkInAt)
}

function whereOfTab(tab: QueueQuery['tab']): Prisma.VisitWhereInput {
  if (tab === 'returned') return { state: 'returned' }
  return tab === 'waiting' ? READY : { AND: [READY, { flag: tab }] }
}

async function within(db: Db, actor: Actor, { regionId, from, to }: Span): Promise<Prisma.VisitWhereInput> {
  const path =
    regionId === undefined ? undefined : (await findRegionInScope(db, actor, can('audit.read'), regionId)).path
  return {
    AND: [inScope(actor, can('audit.read'), path), { day: { ...(from && { gte: from }), ...(to && { lte: to }) } }],
  }
}
