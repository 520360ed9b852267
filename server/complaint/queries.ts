import type { z } from 'zod'
import type { complaintListQuery } from '../../shared/complaint/input'
import type { ComplaintView } from '../../shared/complaint/view'
import { COMPLAINT_STATE_WORDS, COMPLAINT_WORDS, type ComplaintKind } from '../../shared/complaint/words'
import { REFUSALS, type RefusalCode } from '../../shared/core/refusals'
import { maskName } from '../../shared/person/rules'
import { can } from '../../shared/session/permissions'
import { readDues } from '../audit/calendar'
import { hasDuty, readApart } from '../audit/duties'
import { type Actor, inScope } from '../core/actor'
import type { Keys } from '../core/config'
import type { Db, Prisma } from '../core/db'
import { cursorOf, readCursor, toPage } from '../core/input'
import { openPersons } from '../person/vault'
import { findRegionInScope, regionNames } from '../region/queries'
import { mayDecide } from './policy'

/** Complaints of the desk's regions, the newest first. */
export async function listComplaints(
  db: Db,
  keys: Keys,
  actor: Actor,
  query: z.infer<typeof complaintListQuery>,
  at: Date,
): Promise<{ items: ComplaintView[]; next: string | null }> {
  const within =
    query.regionId === undefined
      ? undefined
      : (await findRegionInScope(db, actor, can('complaint.read'), query.regionId)).path
  const where: Prisma.ComplaintWhereInput[] = [inScope(actor, can('complaint.read'), within)]
  if (query.state !== undefined) where.push({ state: query.state === 'open' ? 'open' : { not: 'open' } })
  const before = readCursor(query.cursor, 2)
  if (before !== null) {
    const openedAt = new Date(before[0] as string)
    where.push({ OR: [{ openedAt: { lt: openedAt } }, { openedAt, id: { lt: before[1] as string } }] })
  }
  const rows = await db.complaint.findMany({
    where: { AND: where },
    orderBy: [{ openedAt: 'desc' }, { id: 'desc' }],
    take: query.limit + 1,
  })
  const persons = await openPersons(
    db,
    keys,
    rows.flatMap((one) => [one.helperPersonId, one.openedByPersonId, one.decidedByPersonId ?? '']).filter(Boolean),
  )
  const nameOf = (personId: string) => maskName(persons.get(personId)?.name ?? '')
  const visits = await db.visit.findMany({
    where: { id: { in: rows.map(({ visitId }) => visitId) } },
    select: { id: true, day: true, regionId: true },
  })
  const visitOf = new Map(visits.map((one) => [one.id, one]))
  const regions = await regionNames(
    db,
    visits.map(({ regionId }) => regionId),
  )
  const dueOf = await readDues(db, rows, at)
  const isApart = await readApart(db, rows, at)
  const reasonOf = (row: (typeof rows)[number]): RefusalCode | null => {
    if (row.state !== 'open') return null
    if (!mayDecide(actor, row))
      return [row.openedByPersonId, row.helperPersonId].includes(actor.personId) ? 'REQUEST_OWN' : 'NOT_ALLOWED'
    return isApart(row.regionPath) && !hasDuty(actor, ['arbitrate'], row.regionPath) ? 'REVIEWER_DUTY' : null
  }
  const dueOfRow = (row: (typeof rows)[number]) =>
    row.state === 'open' ? dueOf({ regionPath: row.regionPath, since: row.openedAt }) : null
  return toPage(
    rows,
    query.limit,
    (row): ComplaintView => ({
      ...{ id: row.id, visitId: row.visitId, kind: row.kind, kindWords: COMPLAINT_WORDS[row.kind as ComplaintKind] },
      state: row.state as ComplaintView['state'],
      stateWords: COMPLAINT_STATE_WORDS[row.state as ComplaintView['state']],
      ...{ helperName: nameOf(row.helperPersonId), openedByName: nameOf(row.openedByPersonId) },
      ...{ openedAt: row.openedAt.toISOString(), visitDay: visitOf.get(row.visitId)?.day ?? '' },
      regionName: regions.get(visitOf.get(row.visitId)?.regionId ?? '')?.name ?? '',
      ...{ frozenMilliPoints: row.frozenMilliPoints.toString(), reason: row.reason },
      decidedByName: row.decidedByPersonId === null ? null : nameOf(row.decidedByPersonId),
      decidedAt: row.decidedAt?.toISOString() ?? null,
      mayDecide: row.state === 'open' && reasonOf(row) === null,
      whyNotSentence: sentenceOf(reasonOf(row)),
      dueSentence: dueOfRow(row)?.sentence ?? '',
      late: dueOfRow(row)?.late ?? false,
    }),
    (row) => cursorOf(row.openedAt.toISOString(), row.id),
  )
}

const sentenceOf = (code: RefusalCode | null): string => (code === null ? '' : REFUSALS[code][1])
