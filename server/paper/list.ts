import { REFUSALS, Refusal } from '../../shared/core/refusals'
import { clockOf } from '../../shared/core/time'
import type { PaperListQuery } from '../../shared/paper/input'
import type { PaperDetail, PaperView } from '../../shared/paper/view'
import { maskName } from '../../shared/person/rules'
import { can } from '../../shared/session/permissions'
import { secondsBetween } from '../../shared/visit/rules'
import { readApart } from '../audit/duties'
import { type Actor, inScope } from '../core/actor'
import { findBy } from '../core/bulk'
import type { Keys } from '../core/config'
import type { Db, Prisma } from '../core/db'
import { cursorOf, readCursor, toPage } from '../core/input'
import { openPersons } from '../person/vault'
import { findRegionInScope, regionNames } from '../region/queries'
import { isOwn } from './decide'
import { whyNotDecidePaper } from './policy'

/** Batches of the actor's regions, the latest first. */
export async function listPapers(db: Db, keys: Keys, actor: Actor, query: PaperListQuery, at: Date) {
  const within =
    query.regionId === undefined
      ? undefined
      : (await findRegionInScope(db, actor, can('paper.read'), query.regionId)).path
  const [before, beforeId] = readCursor(query.cursor, 2) ?? []
  const after: Prisma.PaperBatchWhereInput =
    before === undefined
      ? {}
      : { OR: [{ enteredAt: { lt: new Date(before) } }, { enteredAt: new Date(before), id: { lt: beforeId ?? '' } }] }
  const state = query.state === 'approved' ? { in: ['approving', 'approved'] } : query.state
  const views = await paperViews(
    db,
    keys,
    actor,
    { AND: [inScope(actor, can('paper.read'), within), after, state === undefined ? {} : { state }] },
    at,
    query.limit + 1,
  )
  return toPage(
    views,
    query.limit,
    (one) => one,
    (one) => cursorOf(one.enteredAt, one.id),
  )
}

export async function paperViews(
  db: Db,
  keys: Keys,
  actor: Actor,
  where: Prisma.PaperBatchWhereInput,
  at: Date,
  take = 1,
): Promise<PaperView[]> {
  const rows = await db.paperBatch.findMany({ where, orderBy: [{ enteredAt: 'desc' }, { id: 'desc' }], take })
  const persons = await openPersons(
    db,
    keys,
    rows.flatMap(({ enteredByPersonId, decidedByPersonId }) => [
      enteredByPersonId,
      decidedByPersonId ?? enteredByPersonId,
    ]),
  )
  const names = await regionNames(
    db,
    rows.map(({ regionId }) => regionId),
  )
  const counts = await db.paperPicture.groupBy({
    by: ['batchId'],
    where: { batchId: { in: rows.map(({ id }) => id) } },
    _count: true,
  })
  const nameOf = (id: string) => maskName(persons.get(id)?.name ?? '')
  const isApart = await readApart(db, rows, at)
  const views: PaperView[] = []
  for (const row of rows) {
    const pictures = counts.find(({ batchId }) => batchId === row.id)?._count ?? 0
    const whyNot = whyNotDecidePaper(actor, row, {
      ...{ pictures, isOwn: await isOwn(db, actor, row.id), isApart: isApart(row.regionPath) },
    })
    views.push({
      ...{ id: row.id, reason: row.reason, lines: row.lines, pictures, fileName: row.fileName },
      regionName: names.get(row.regionId)?.name ?? '',
      source: row.source as PaperView['source'],
      state: row.state as PaperView['state'],
      enteredByName: nameOf(row.enteredByPersonId),
      enteredAt: row.enteredAt.toISOString(),
      decidedByName: row.decidedByPersonId === null ? null : nameOf(row.decidedByPersonId),
      decidedAt: row.decidedAt?.toISOString() ?? null,
      decisionNote: row.decisionNote,
      whyNot,
      whyNotSentence: whyNot === null ? null : REFUSALS[whyNot][1],
      mayAttach: row.state === 'waiting' && row.enteredByPersonId === actor.personId,
    })
  }
  return views
}

/** One batch with its lines and which pictures it has. */
export async function showPaper(db: Db, keys: Keys, actor: Actor, id: string, at: Date): Promise<PaperDetail> {
  const [view] = await paperViews(db, keys, actor, { AND: [inScope(actor, can('paper.read')), { id }] }, at)
  if (view === undefined) throw new Refusal('NOT_FOUND')
  const lines = await findBy(db, 'PaperLine', 'batchId', [id], ' ORDER BY "line"')
  const elders = new Map(
    (await findBy(db, 'Elder', 'id', [...new Set(lines.map(({ elderId }) => elderId))])).map((one) => [
      one.id,
      one.personId,
    ]),
  )
  const members = new Map(
    (await findBy(db, 'Member', 'id', [...new Set(lines.map(({ memberId }) => memberId))])).map((one) => [
      one.id,
      one.personId,
    ]),
  )
  const services = new Map(
    (await findBy(db, 'Service', 'id', [...new Set(lines.map(({ serviceId }) => serviceId))])).map((one) => [
      one.id,
      one.name,
    ]),
  )
  const persons = await openPersons(db, keys, [...elders.values(), ...members.values()])
  const nameOf = (personId: string | undefined) => maskName(persons.get(personId ?? '')?.name ?? '')
  const pictures = await db.paperPicture.findMany({
    where: { batchId: id },
    select: { id: true, sealed: true },
    orderBy: { at: 'asc' },
  })
  const kept = pictures.filter((one) => one.sealed !== null)
  return {
    ...view,
    pictureIds: kept.map((one) => one.id),
    forgottenPictures: pictures.length - kept.length,
    detail: lines.map((line) => ({
      ...{ line: line.line, state: 'new', day: line.day, signedBy: line.signedBy, visitId: line.visitId, notes: [] },
      elderName: nameOf(elders.get(line.elderId)),
      memberName: nameOf(members.get(line.memberId)),
      serviceName: services.get(line.serviceId) ?? '',
      from: clockOf(line.checkInAt),
      to: clockOf(line.checkOutAt),
      minutes: Math.floor(secondsBetween(line.checkInAt, line.checkOutAt) / 60),
    })),
  }
}
