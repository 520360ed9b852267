import { Refusal } from '../../shared/core/refusals'
import { type Day, dayOf } from '../../shared/core/time'
import type { VolunteerRecord } from '../../shared/member/view'
import { maskIdNumber, maskName, maskPhone } from '../../shared/person/rules'
import { RECORD_WORDS, type RecordKind } from '../../shared/registry/words'
import { starsOf } from '../../shared/scheme/gates'
import { can } from '../../shared/session/permissions'
import { calendarAt, dueOf } from '../audit/calendar'
import { type Actor, mayOver } from '../core/actor'
import { findBy, type RowOf } from '../core/bulk'
import type { Keys } from '../core/config'
import type { Db, Reader } from '../core/db'
import { logOperation } from '../core/operation-log'
import { balanceOf } from '../ledger/queries'
import { helperRecords, recordsOf } from '../person/former'
import { seesClass2 } from '../person/sight'
import { openPersons } from '../person/vault'
import { regionNames } from '../region/queries'
import { settingsAt } from '../region/settings'
import { schemeOn } from '../scheme/queries'
import { activityTitles, siteNames } from '../visit/context'
import { ratingsOf } from '../visit/rate'
import { findAccountOfPerson } from './account'
import { correctionsOf } from './correct-record'

const SERVICES_MAX = 2000

/**
 * The volunteer record of a year. Only what was volunteering is in it (67 号令 art. 19): mutual aid that is subsidised and work of
 * an office stay outside.
 *
 * @throws Refusal NOT_FOUND outside the actor's regions and one's own
 */
export async function findVolunteerRecord(
  db: Db,
  keys: Keys,
  actor: Actor,
  memberId: string,
  year: string,
  at: Date,
): Promise<VolunteerRecord> {
  const member = await db.member.findUnique({ where: { id: memberId } })
  const isOwn = member !== null && member.personId === actor.personId
  if (member === null || (!isOwn && !mayOver(actor, can('member.read'), member.regionPath)))
    throw new Refusal('NOT_FOUND')
  if (!isOwn)
    await db.$transaction((tx) =>
      logOperation(tx, actor, {
        ...{ at, action: 'read', resource: 'member', resourceId: memberId, regionPath: member.regionPath },
      }),
    )
  const { all } = await helperRecords(db, [memberId])
  const ofMember = { in: all }
  const span = { gte: `${year}-01-01`, lte: `${year}-12-31` }
  const visits = await db.visit.findMany({
    where: { memberId: ofMember, nature: 'volunteer', counted: true, day: span },
    include: { confirmations: { orderBy: { revision: 'asc' } }, decisions: { orderBy: { revision: 'asc' } } },
    orderBy: [{ day: 'asc' }, { id: 'asc' }],
    take: SERVICES_MAX,
  })
  const records = await db.memberRecord.findMany({
    where: { memberId: ofMember, withdrawnAt: null },
    orderBy: [{ day: 'asc' }, { id: 'asc' }],
  })
  const deciders = visits.flatMap((one) => one.decisions.at(-1)?.byPersonId ?? [])
  const persons = await openPersons(db, keys, [...new Set([member.personId, ...deciders])])
  const places = await regionNames(db, [...new Set([member.regionId, ...visits.map((one) => one.regionId)])])
  const names = new Map(
    (
      await findBy(
        db,
        'Service',
        'id',
        visits.map((one) => one.serviceId),
      )
    ).map((one) => [one.id, one.name]),
  )
  const sites = await siteNames(db, visits)
  const activities = await activityTitles(db, visits)
  const calendar = await calendarAt(db, member.regionPath)
  const { agencyName, recordWorkdays } = await settingsAt(db, member.regionPath, dayOf(at))
  const services = visits.flatMap((visit) => {
    if (visit.checkOutAt === null) return []
    const decided = visit.decisions.at(-1)
    const settled = ['confirmed', 'approved'].includes(visit.state)
    const recordedAt = settled ? (visit.confirmations[0]?.at ?? decided?.at ?? visit.checkOutAt) : null
    const recordedDay = recordedAt === null ? null : dayOf(recordedAt)
    const due = dueOf(calendar, visit.day, recordWorkdays, recordedDay ?? dayOf(at))
    return [
      {
        visitId: visit.id,
        activity: activities.get(visit.id) ?? names.get(visit.serviceId) ?? '',
        day: visit.day,
        from: visit.checkInAt.toISOString(),
        to: visit.checkOutAt.toISOString(),
        place: [places.get(visit.regionId)?.name, sites.get(visit.siteId ?? '')].filter(Boolean).join(' · '),
        content: (JSON.parse(visit.tasksDone) as string[]).join('、'),
        seconds: visit.servedSeconds ?? 0,
        inCharge: decided === undefined ? null : maskName(persons.get(decided.byPersonId)?.name ?? ''),
        recordedDay,
        due: due.sentence,
        late: due.late,
      },
    ]
  })
  const person = persons.get(member.personId)
  const home = places.get(member.regionId)
  const sees = isOwn || seesClass2(actor, member.regionPath)
  const ofKind = (kind: string) =>
    records
      .filter((one) => one.kind === kind && (kind === 'skill' || one.day.startsWith(year)))
      .map(({ id, title, content, seconds, grantedBy, day }) => ({ id, title, content, seconds, grantedBy, day }))
  const trainings = ofKind('training')
  return {
    year,
    memberId,
    person: {
      maskedName: maskName(person?.name ?? ''),
      sex: person?.sex ?? 'unknown',
      birthDate: sees ? (person?.birthDate ?? null) : null,
      maskedIdNumber: sees && person?.idNumber ? maskIdNumber(person.idNumber) : null,
      maskedPhone: sees && person?.phone ? maskPhone(person.phone) : null,
      area: [home?.townName, home?.name].filter(Boolean).join(' '),
      skills: ofKind('skill').map((one) => one.title),
      services: [...new Set(services.map((one) => one.activity))],
    },
    unit: agencyName,
    services,
    trainings,
    honours: ofKind('honour'),
    covers: records.flatMap(coverIn(span)),
    rating: { ...(await ratingsOf(db, [memberId], year))(memberId), stars: await starsToday(db, member, dayOf(at)) },
    corrections: await correctionsOf(db, keys, memberId, year, at),
    total: {
      visits: services.length,
      seconds: services.reduce((sum, one) => sum + one.seconds, 0),
      trainingSeconds: trainings.reduce((sum, one) => sum + one.seconds, 0),
      late: services.filter((one) => one.late).length,
    },
  }
}

/** Insurance and agreements count in every year they held on a day of. */
function coverIn({ gte, lte }: { gte: Day; lte: Day }) {
  return (row: RowOf<'MemberRecord'>): VolunteerRecord['covers'] => {
    const isCover = row.kind === 'insurance' || row.kind === 'agreement'
    if (!isCover || row.day > lte || (row.untilDay !== null && row.untilDay < gte)) return []
    const { id, title, grantedBy, number, day, untilDay } = row
    return [{ id, kindWords: RECORD_WORDS[row.kind as RecordKind], title, grantedBy, number, day, untilDay }]
  }
}

/** The star the rules of the place give for all hours and the points of today; 0 where they give none. */
async function starsToday(db: Reader, member: { personId: string; regionPath: string }, today: Day): Promise<number> {
  const scheme = await schemeOn(db, member.regionPath, today)
  if (scheme?.document.stars === undefined) return 0
  const accountId = await findAccountOfPerson(db, member.personId, scheme.programmeId)
  const total = await db.visit.aggregate({
    where: { memberPersonId: { in: await recordsOf(db, member.personId) }, counted: true },
    _sum: { servedSeconds: true },
  })
  const { postedMilliPoints } = await balanceOf(db, accountId)
  return starsOf(scheme.document, total._sum.servedSeconds ?? 0, postedMilliPoints)
}
