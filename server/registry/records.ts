import type { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import { addDays, dayOf } from '../../shared/core/time'
import { whyNotTrainings } from '../../shared/member/rules'
import { maskName } from '../../shared/person/rules'
import type { AddRecordInput, recordListQuery } from '../../shared/registry/input'
import type { RecordView } from '../../shared/registry/view'
import { RECORD_WORDS, type RecordKind } from '../../shared/registry/words'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope, mayOver } from '../core/actor'
import { findBy, groupBy, insertAll, updateRows } from '../core/bulk'
import type { Keys } from '../core/config'
import { type Db, type Reader, query as rowsOf, type Tx } from '../core/db'
import { cursorOf, readCursor, toPage } from '../core/input'
import { once } from '../core/once'
import { logOperation, logOperations } from '../core/operation-log'
import { trainingsText } from '../member/enrol'
import { notify } from '../notice/notify'
import { nearestStaff } from '../notice/staff'
import { openPersons } from '../person/vault'
import { findRegionInScope, regionNames } from '../region/queries'
import { settingsAt } from '../region/settings'

/**
 * Writes down what is known of a helper beside his visits.
 * @throws Refusal NOT_FOUND, DATE_ORDER, DATE_IN_FUTURE, ORGANISATION_UNKNOWN
 */
export async function addRecord(db: Db, actor: Actor, input: AddRecordInput, at: Date): Promise<{ id: string }> {
  return db.$transaction((tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'addRecord', input, at }, async () => {
      await putRecords(tx, actor, [{ input, source: 'desk', externalNo: null }], at)
      return { id: input.id }
    }),
  )
}

type Put = { input: AddRecordInput; source: 'desk' | 'import'; externalNo: string | null }

/** The same for a list inside somebody's transaction. */
export async function putRecords(tx: Tx, actor: Actor, puts: readonly Put[], at: Date): Promise<void> {
  const memberIds = [...new Set(puts.map((one) => one.input.memberId))]
  const members = new Map((await findBy(tx, 'Member', 'id', memberIds)).map((one) => [one.id, one]))
  const bodyIds = [...new Set(puts.flatMap((one) => one.input.organisationId ?? []))]
  const bodies = new Map((await findBy(tx, 'Organisation', 'id', bodyIds)).map((one) => [one.id, one]))
  const rows = puts.map(({ input, source, externalNo }) => {
    const member = members.get(input.memberId)
    if (member === undefined || !mayOver(actor, can('registry.keep'), member.regionPath))
      throw new Refusal('NOT_FOUND', { field: 'memberId' })
    if (input.untilDay !== null && input.untilDay < input.day) throw new Refusal('DATE_ORDER', { field: 'untilDay' })
    const isDone = input.kind === 'training' || input.kind === 'honour'
    if (isDone && input.day > dayOf(at)) throw new Refusal('DATE_IN_FUTURE', { field: 'day' })
    const body = bodies.get(input.organisationId ?? '')
    const isMissing = input.organisationId !== null && body?.countyId !== member.countyId
    if (isMissing || (input.kind === 'team' && body === undefined))
      throw new Refusal('ORGANISATION_UNKNOWN', { field: 'organisationId' })
    const { regionPath, countyId } = member
    return {
      ...input,
      ...{ regionPath, countyId, source, externalNo, byPersonId: actor.personId, recordedAt: at },
      ...{ withdrawnAt: null, withdrawnById: null, withdrawnReason: null },
    }
  })
  await insertAll(tx, 'member_record', rows)
  await markMembers(
    tx,
    rows.map((one) => ({ memberId: one.memberId, kind: one.kind, title: one.title })),
  )
  await logOperations(
    tx,
    actor,
    rows.map((one) => ({
      ...{ at, action: 'add', resource: 'memberRecord', resourceId: one.id, regionPath: one.regionPath },
      after: { kind: one.kind, title: one.title, day: one.day },
    })),
  )
}

/**
 * Trainings and skills are marks of the helper that services and rules ask for; a title that can't be one is kept as a record
 * alone.
 */
async function markMembers(tx: Tx, rows: readonly { memberId: string; kind: string; title: string }[]): Promise<void> {
  const marks = groupBy(
    rows.filter(({ kind, title }) => MARKS.includes(kind) && whyNotTrainings([title]) === null),
    (one) => one.memberId,
  )
  const members = await findBy(tx, 'Member', 'id', [...new Set(rows.map((one) => one.memberId))])
  const changed = members.flatMap(({ id, trainings }) => {
    const own = trainings.split(',').filter((one) => one !== '')
    const next = trainingsText([...own, ...marks(id).map((one) => one.title)])
    return next === trainings ? [] : [{ id, trainings: next }]
  })
  await updateRows(tx, 'member', ['id'], changed)
}
const MARKS: readonly string[] = ['training', 'skill']

/** The mark goes with the last record of its name. */
export async function unmarkMember(tx: Tx, { memberId, kind, title }: Row): Promise<void> {
  if (!MARKS.includes(kind)) return
  const left = await tx.memberRecord.count({ where: { memberId, kind: { in: [...MARKS] }, title, withdrawnAt: null } })
  const member = await tx.member.findUniqueOrThrow({ where: { id: memberId } })
  const own = member.trainings.split(',').filter((one) => one !== '' && (left > 0 || one !== title))
  await tx.member.update({ where: { id: memberId }, data: { trainings: trainingsText(own) } })
}

/** Takes back what was wrong, with a reason; it stays to be seen. @throws Refusal NOT_FOUND */
export async function withdrawRecord(
  db: Db,
  actor: Actor,
  id: string,
  { reason }: { reason: string },
  at: Date,
): Promise<{ id: string }> {
  return db.$transaction(async (tx) => {
    const record = await tx.memberRecord.findFirst({ where: { id, ...inScope(actor, can('registry.keep')) } })
    if (record === null) throw new Refusal('NOT_FOUND')
    const { count } = await tx.memberRecord.updateMany({
      where: { id, withdrawnAt: null },
      data: { withdrawnAt: at, withdrawnById: actor.personId, withdrawnReason: reason },
    })
    if (count > 0) {
      await unmarkMember(tx, record)
      await logOperation(tx, actor, {
        ...{ at, action: 'withdraw', resource: 'memberRecord', resourceId: id, regionPath: record.regionPath },
        before: { kind: record.kind, title: record.title },
        purpose: reason,
      })
    }
    return { id }
  })
}

export type Row = Awaited<ReturnType<Db['memberRecord']['findUniqueOrThrow']>>

/** Records of the actor's regions, the latest day first. */
export async function listRecords(db: Reader, keys: Keys, actor: Actor, query: z.output<typeof recordListQuery>) {
  const within =
    query.regionId === undefined ? undefined : await findRegionInScope(db, actor, can('registry.read'), query.regionId)
  const cursor = readCursor(query.cursor, 2)
  const [day = '', id = ''] = cursor ?? []
  const rows = await db.memberRecord.findMany({
    where: {
      AND: [
        inScope(actor, can('registry.read'), within?.path),
        query.kind === undefined ? {} : { kind: query.kind },
        query.memberId === undefined ? {} : { memberId: query.memberId },
        query.endsBy === undefined ? {} : { untilDay: { lte: query.endsBy }, withdrawnAt: null },
        cursor === null ? {} : { OR: [{ day: { lt: day } }, { day, id: { gt: id } }] },
      ],
    },
    orderBy: [{ day: 'desc' }, { id: 'asc' }],
    take: query.limit + 1,
  })
  const views = new Map((await presentRecords(db, keys, rows)).map((one) => [one.id, one]))
  return toPage(
    rows,
    query.limit,
    (row) => views.get(row.id) as RecordView,
    (row) => cursorOf(row.day, row.id),
  )
}

export async function showRecord(db: Reader, keys: Keys, id: string): Promise<RecordView> {
  const [view] = await presentRecords(db, keys, [await db.memberRecord.findUniqueOrThrow({ where: { id } })])
  return view as RecordView
}

async function presentRecords(db: Reader, keys: Keys, rows: readonly Row[]): Promise<RecordView[]> {
  const memberIds = [...new Set(rows.map((one) => one.memberId))]
  const members = new Map((await findBy(db, 'Member', 'id', memberIds)).map((one) => [one.id, one]))
  const persons = await openPersons(
    db,
    keys,
    [...members.values()].map((one) => one.personId),
  )
  const places = await regionNames(
    db,
    [...members.values()].map((one) => one.regionId),
  )
  const bodyIds = [...new Set(rows.flatMap((one) => one.organisationId ?? []))]
  const bodies = new Map((await findBy(db, 'Organisation', 'id', bodyIds)).map((one) => [one.id, one.name]))
  return rows.map((one) => {
    const member = members.get(one.memberId)
    return {
      ...{ id: one.id, kind: one.kind as RecordKind, memberId: one.memberId, title: one.title, content: one.content },
      ...{ seconds: one.seconds, grantedBy: one.grantedBy, number: one.number, day: one.day, untilDay: one.untilDay },
      ...{ source: one.source, withdrawnReason: one.withdrawnReason, recordedAt: one.recordedAt.toISOString() },
      memberName: maskName(persons.get(member?.personId ?? '')?.name ?? ''),
      organisationName: bodies.get(one.organisationId ?? '') ?? null,
      regionId: member?.regionId ?? '',
      regionName: places.get(member?.regionId ?? '')?.name ?? '',
    }
  })
}

/** Insurance and agreements whose time is over soon: the nearest desk is told once, by as many days before as the place says. */
export async function remindEnding(db: Db, at: Date): Promise<number> {
  const today = dayOf(at)
  const rows = await rowsOf<{ id: string; kind: string; regionPath: string; untilDay: string }>(
    db,
    `SELECT r."id", r."kind", r."regionPath", r."untilDay" FROM member_record AS r JOIN member AS m ON m."id" = r."memberId"
     WHERE r."kind" IN ('insurance', 'agreement') AND r."withdrawnAt" IS NULL AND m."state" = 'active'
       AND r."untilDay" >= $1 AND r."untilDay" <= $2 LIMIT 2000`,
    today,
    addDays(today, REMIND_DAYS_MOST),
  )
  const places = new Map<string, { until: string; staff: string[] }>()
  for (const regionPath of new Set(rows.map((one) => one.regionPath))) {
    const { remindDays } = await settingsAt(db, regionPath, today)
    const staff = await nearestStaff(db, can('registry.keep'), regionPath, at)
    places.set(regionPath, { until: addDays(today, remindDays), staff })
  }
  const ending = rows.filter((one) => one.untilDay <= (places.get(one.regionPath)?.until ?? ''))
  const notices = ending.flatMap((one) =>
    (places.get(one.regionPath)?.staff ?? []).map((personId) => ({
      personId,
      kind: 'recordEnds' as const,
      title: `一份${RECORD_WORDS[one.kind as RecordKind]}快到期了`,
      body: `${one.untilDay} 到期，请看一看要不要续。`,
      deskLink: `/records?kind=${one.kind}&endsBy=${one.untilDay}`,
      key: `recordEnds:${one.id}:${personId}`,
    })),
  )
  return (await db.$transaction((tx) => notify(tx, notices, at))).length
}
/** No place may ask to be told earlier. */
const REMIND_DAYS_MOST = 90
