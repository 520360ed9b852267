import type { z } from 'zod'
import { Refusal, refuse } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import type { askCorrectionInput, correctionListQuery, decideCorrectionInput } from '../../shared/member/input'
import type { CorrectionView } from '../../shared/member/view'
import { maskName } from '../../shared/person/rules'
import { can } from '../../shared/session/permissions'
import { calendarAt, dueOf } from '../audit/calendar'
import { type Actor, inScope } from '../core/actor'
import { findBy, insertAll, type RowOf } from '../core/bulk'
import type { Keys } from '../core/config'
import { type Db, type Reader, type Tx, transact } from '../core/db'
import { cursorOf, readCursor, readMoment, toPage } from '../core/input'
import { once } from '../core/once'
import { logOperation } from '../core/operation-log'
import { notify } from '../notice/notify'
import { nearestStaff } from '../notice/staff'
import { openForPersons, openPersons, sealForPerson } from '../person/vault'
import { regionNames } from '../region/queries'
import { settingsAt } from '../region/settings'

type Row = RowOf<'RecordCorrection'>

/**
 * A volunteer says that something in the own record isn't right (67 号令). What was recorded stays; the nearest desk answers.
 * @throws Refusal NOT_A_MEMBER, CORRECTION_ABOUT, CORRECTION_OPEN
 */
export async function askCorrection(
  db: Db,
  keys: Keys,
  actor: Actor,
  input: z.output<typeof askCorrectionInput>,
  at: Date,
): Promise<{ id: string }> {
  const { member } = actor
  if (member === null) throw new Refusal('NOT_A_MEMBER')
  return transact(db, (tx) =>
    once(tx, { key: input.id, personId: actor.personId, verb: 'askCorrection', input, at }, async () => {
      const { id, year, about, aboutId, text } = input
      if (!(await isInRecord(tx, member.id, input))) throw new Refusal('CORRECTION_ABOUT', { field: 'aboutId' })
      // Holds the helper's row until the commit: of two who ask the same at once the second sees the first.
      await tx.$executeRaw`UPDATE member SET "state" = "state" WHERE "id" = ${member.id}`
      const open = await tx.recordCorrection.count({
        where: { memberId: member.id, about, aboutId, year, state: 'open' },
      })
      refuse(open > 0 ? 'CORRECTION_OPEN' : null)
      await insertAll(tx, 'record_correction', [
        {
          ...{ id, memberId: member.id, personId: actor.personId, regionPath: member.regionPath, year, about, aboutId },
          textSealed: await sealForPerson(tx, keys, actor.personId, 'record_correction', 'text', text),
          ...{ askedAt: at, state: 'open', answer: null, decidedById: null, decidedAt: null },
        },
      ])
      const staff = await nearestStaff(tx, can('member.keep'), member.regionPath, at)
      await notify(
        tx,
        staff.map((personId) => ({
          personId,
          kind: 'correctionAsked' as const,
          title: '有人要更正服务记录',
          body: '一位志愿者说自己的服务记录不对，请核对后答复。',
          deskLink: '/corrections',
          key: `correctionAsked|${id}|${personId}`,
        })),
        at,
      )
      await logOf(tx, actor, { id, regionPath: member.regionPath }, 'askCorrection', at, { about, year })
      return { id }
    }),
  )
}

/** Only what stands in the record of that year can be wrong in it: services as a volunteer, own trainings and honours. */
async function isInRecord(
  tx: Tx,
  memberId: string,
  { about, aboutId, year }: z.output<typeof askCorrectionInput>,
): Promise<boolean> {
  if (about === 'person' || aboutId === null) return about === 'person' && aboutId === null
  const day = { gte: `${year}-01-01`, lte: `${year}-12-31` }
  const where = { id: aboutId, memberId, day }
  if (about === 'visit') return (await tx.visit.count({ where: { ...where, nature: 'volunteer' } })) > 0
  return (await tx.memberRecord.count({ where: { ...where, kind: about, withdrawnAt: null } })) > 0
}

/**
 * Answers: it was put right (where it stands, by the verbs for that), or why it is right. Never by who asked.
 * @throws Refusal NOT_FOUND, CORRECTION_OWN, CORRECTION_DECIDED
 */
export async function decideCorrection(
  db: Db,
  actor: Actor,
  id: string,
  { outcome, answer }: z.infer<typeof decideCorrectionInput>,
  at: Date,
): Promise<{ id: string }> {
  return transact(db, async (tx) => {
    const row = await tx.recordCorrection.findFirst({ where: { id, ...inScope(actor, can('member.keep')) } })
    if (row === null) throw new Refusal('NOT_FOUND')
    if (row.personId === actor.personId) throw new Refusal('CORRECTION_OWN')
    if (row.state === outcome && row.answer === answer && row.decidedById === actor.personId) return { id }
    const { count } = await tx.recordCorrection.updateMany({
      where: { id, state: 'open' },
      data: { state: outcome, answer, decidedById: actor.personId, decidedAt: at },
    })
    if (count === 0) throw new Refusal('CORRECTION_DECIDED')
    await notify(
      tx,
      [
        {
          personId: row.personId,
          kind: 'correctionAnswered',
          title: '服务记录的更正有答复',
          body: outcome === 'corrected' ? '社区已经更正，可以去看看。' : '社区核对过了，可以去看看为什么。',
          phoneLink: '/visit/apart/record',
          key: `correctionAnswered|${id}`,
        },
      ],
      at,
    )
    await logOf(tx, actor, row, 'decideCorrection', at, { outcome })
    return { id }
  })
}

function logOf(
  tx: Tx,
  actor: Actor,
  { id, regionPath }: Pick<Row, 'id' | 'regionPath'>,
  action: string,
  at: Date,
  after: object,
): Promise<void> {
  return logOperation(tx, actor, { at, action, resource: 'recordCorrection', resourceId: id, regionPath, after })
}

/** Those of the actor's regions: open ones, the oldest first, for they are due first; answered ones, the latest first. */
export async function listCorrections(
  db: Db,
  keys: Keys,
  actor: Actor,
  query: z.output<typeof correctionListQuery>,
  at: Date,
) {
  const cursor = readCursor(query.cursor, 2)
  const isOpen = query.state === 'open'
  const moment = cursor === null ? null : readMoment(cursor[0])
  const next = isOpen ? { gt: moment ?? at } : { lt: moment ?? at }
  const rows = await db.recordCorrection.findMany({
    where: {
      AND: [
        inScope(actor, can('member.read')),
        { state: isOpen ? 'open' : { not: 'open' } },
        cursor === null || moment === null
          ? {}
          : { OR: [{ askedAt: next }, { askedAt: moment, id: { gt: cursor[1] ?? '' } }] },
      ],
    },
    orderBy: [{ askedAt: isOpen ? 'asc' : 'desc' }, { id: 'asc' }],
    take: query.limit + 1,
  })
  const views = new Map((await presentCorrections(db, keys, rows, at)).map((one) => [one.id, one]))
  return toPage(
    rows,
    query.limit,
    (row) => views.get(row.id) as CorrectionView,
    (row) => cursorOf(row.askedAt.toISOString(), row.id),
  )
}

/** What a volunteer asked to be put right in the record of a year, the latest first. */
export async function correctionsOf(db: Reader, keys: Keys, memberId: string, year: string, at: Date) {
  const rows = await db.recordCorrection.findMany({
    where: { memberId, year },
    orderBy: [{ askedAt: 'desc' }, { id: 'asc' }],
    take: 100,
  })
  return presentCorrections(db, keys, rows, at)
}

export async function showCorrection(db: Reader, keys: Keys, id: string, at: Date): Promise<CorrectionView> {
  const [view] = await presentCorrections(
    db,
    keys,
    [await db.recordCorrection.findUniqueOrThrow({ where: { id } })],
    at,
  )
  return view as CorrectionView
}

async function presentCorrections(db: Reader, keys: Keys, rows: readonly Row[], at: Date): Promise<CorrectionView[]> {
  const ids = (about: string) => rows.flatMap((one) => (one.about === about ? (one.aboutId ?? []) : []))
  const visits = new Map((await findBy(db, 'Visit', 'id', ids('visit'))).map((one) => [one.id, one]))
  const services = await findBy(
    db,
    'Service',
    'id',
    [...visits.values()].map(({ serviceId }) => serviceId),
  )
  const records = await findBy(db, 'MemberRecord', 'id', [...ids('training'), ...ids('honour')])
  const members = await findBy(
    db,
    'Member',
    'id',
    rows.map(({ memberId }) => memberId),
  )
  const persons = await openPersons(db, keys, [
    ...new Set(rows.flatMap(({ personId, decidedById }) => [personId, ...(decidedById === null ? [] : [decidedById])])),
  ])
  const places = await regionNames(
    db,
    members.map(({ regionId }) => regionId),
  )
  const texts = await openForPersons(
    db,
    keys,
    rows.map(({ personId, textSealed }) => ({
      ...{ personId, table: 'record_correction', column: 'text', sealed: textSealed },
    })),
  )
  const titleOf = ({ about, aboutId }: Row): string => {
    if (about === 'person') return '本人信息'
    const visit = visits.get(aboutId ?? '')
    if (visit !== undefined) return `${visit.day} ${services.find(({ id }) => id === visit.serviceId)?.name ?? ''}`
    const record = records.find(({ id }) => id === aboutId)
    return record === undefined ? '' : `${record.day} ${record.title}`
  }
  const dues = new Map<string, { calendar: Awaited<ReturnType<typeof calendarAt>>; workdays: number }>()
  for (const path of new Set(rows.map(({ regionPath }) => regionPath)))
    dues.set(path, {
      calendar: await calendarAt(db, path),
      workdays: (await settingsAt(db, path, dayOf(at))).correctionWorkdays,
    })
  return rows.map((row, place) => {
    const { calendar, workdays } = dues.get(row.regionPath) as NonNullable<ReturnType<typeof dues.get>>
    const due = dueOf(calendar, dayOf(row.askedAt), workdays, dayOf(row.decidedAt ?? at))
    const member = members.find(({ id }) => id === row.memberId)
    return {
      ...{ id: row.id, memberId: row.memberId, year: row.year, aboutId: row.aboutId, answer: row.answer },
      ...{ about: row.about as CorrectionView['about'], state: row.state as CorrectionView['state'] },
      title: titleOf(row),
      text: texts[place] ?? '',
      memberName: maskName(persons.get(row.personId)?.name ?? ''),
      regionId: member?.regionId ?? '',
      regionName: places.get(member?.regionId ?? '')?.name ?? '',
      askedAt: row.askedAt.toISOString(),
      decidedAt: row.decidedAt?.toISOString() ?? null,
      decidedByName: row.decidedById === null ? null : maskName(persons.get(row.decidedById)?.name ?? ''),
      due: due.sentence,
      late: due.late,
    }
  })
}
