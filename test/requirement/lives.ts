// Elders with made-up lives, written straight into the tables: what the rules and the SQL must agree on.
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { addDays, addSeconds, type Day, dayOf, instantOf, startOfDay } from '../../shared/core/time'
import type { CountedVisit, ElderLife, ExitKind, Requirement, Span } from '../../shared/requirement/rules'
import type { World } from '../support/world'

export const VILLAGES = ['village', 'village2', 'village3'] as const
type Home = { place: (typeof VILLAGES)[number]; span: Span }
type MadeVisit = Omit<CountedVisit, 'beganAt'>
export type Life = {
  homes: Home[]
  tags: (Span & { category: string })[]
  exits: (Span & { kind: ExitKind })[]
  endedDay: Day | null
  events: { happenedAt: Date }[]
  visits: MadeVisit[]
}
export type Need = Omit<Requirement, 'id' | 'regionPath' | 'interval' | 'intervalLength'> & {
  place: 'county' | 'town' | 'village'
  rhythm: Pick<Requirement, 'interval' | 'intervalLength'>
}

const FIRST = '2026-10-01'
const day = fc.nat(80).map((days) => addDays(FIRST, days))
const early = fc.constantFrom('2026-01-01', '2026-01-01', '2026-06-01')
const begin = fc.oneof({ weight: 2, arbitrary: early }, { weight: 1, arbitrary: day })
const span = fc.tuple(begin, fc.option(fc.nat(40), { freq: 2 })).map(
  ([validFrom, length]): Span => ({
    validFrom,
    validTo: length === null || validFrom < FIRST ? null : addDays(validFrom, length),
  }),
)
const category = fc.constantFrom('livingAlone', 'disabled', 'poor')

export const needs = fc.array(
  fc
    .record({
      place: fc.constantFrom('county' as const, 'county' as const, 'town' as const, 'village' as const),
      category,
      rhythm: fc.constantFrom(
        { interval: 'week' as const, intervalLength: null },
        { interval: 'month' as const, intervalLength: null },
        { interval: 'quarter' as const, intervalLength: null },
        { interval: 'days' as const, intervalLength: 10 },
        { interval: 'days' as const, intervalLength: 45 },
        { interval: 'event' as const, intervalLength: 24 },
      ),
      channels: fc.constantFrom(['inPerson'] as const, ['inPerson', 'phone'] as const, ['phone', 'video'] as const),
      natures: fc.constantFrom(['volunteer', 'mutualAid', 'dutyPaid'] as const, ['mutualAid'] as const),
      minSeconds: fc.constantFrom(0, 900),
      validFrom: begin,
      validTo: fc.option(
        day.map((one) => addDays(one, 40)),
        { freq: 4, nil: null },
      ),
    })
    .map((need) => (need.validTo !== null && need.validTo < need.validFrom ? { ...need, validTo: null } : need)),
  { minLength: 1, maxLength: 5 },
)

const homes = fc
  .tuple(fc.constantFrom(...VILLAGES), fc.option(fc.tuple(day, fc.constantFrom(...VILLAGES)), { freq: 3 }))
  .map(([place, move]): Home[] =>
    move === null || move === undefined
      ? [{ place, span: { validFrom: '2026-01-01', validTo: null } }]
      : [
          { place, span: { validFrom: '2026-01-01', validTo: addDays(move[0], -1) } },
          { place: move[1], span: { validFrom: move[0], validTo: null } },
        ],
  )

export const lives = fc.array(
  fc.record({
    homes,
    tags: fc.uniqueArray(
      span.chain((one) => category.map((name) => ({ ...one, category: name }))),
      { maxLength: 3, selector: (tag) => tag.category },
    ),
    exits: fc.array(
      span.chain((one) =>
        fc.constantFrom<ExitKind>('hospital', 'away', 'refused', 'died', 'moved').map((kind) => ({ ...one, kind })),
      ),
      { maxLength: 2 },
    ),
    endedDay: fc.option(day, { freq: 8, nil: null }),
    events: fc.array(
      fc.tuple(day, fc.constantFrom('00:30', '09:00', '23:59')).map(([one, clock]) => ({
        happenedAt: instantOf(one, clock),
      })),
      { maxLength: 2 },
    ),
    visits: fc.array(
      fc.record({
        day,
        nature: fc.constantFrom('volunteer' as const, 'mutualAid' as const),
        channel: fc.constantFrom('inPerson' as const, 'inPerson' as const, 'phone' as const, 'video' as const),
        servedSeconds: fc.constantFrom(600, 1800),
      }),
      { maxLength: 6 },
    ),
  }),
  { minLength: 1, maxLength: 25 },
)

const began = (day: Day, no: number) => addSeconds(startOfDay(day), no * 60)

/** Writes them; answers the same as the rules want them. */
export async function writeLives(
  { db, places, service, member }: World,
  made: readonly Life[],
  wanted: readonly Need[],
) {
  const helper = await member()
  const countyId = places.county.id
  const requirements: Requirement[] = wanted.map(({ place, rhythm, ...need }) => ({
    ...need,
    ...rhythm,
    id: randomUUID(),
    regionPath: places[place].path,
  }))
  await db.requirement.createMany({
    data: requirements.map((one, no) => ({
      ...one,
      channels: one.channels.join(','),
      natures: one.natures.join(','),
      regionId: places[wanted[no]?.place ?? 'county'].id,
    })),
  })
  const elders = made.map((life) => ({ id: randomUUID(), personId: randomUUID(), life }))
  await db.person.createMany({
    data: elders.map(({ personId }) => ({
      id: personId,
      identityKind: 'none',
      nameSealed: '',
      nameInitials: '',
      sex: 'unknown',
      createdAt: new Date(0),
    })),
  })
  await db.elder.createMany({
    data: elders.map(({ id, personId, life }) => {
      const home = places[life.homes.at(-1)?.place ?? 'village']
      return {
        id,
        personId,
        regionId: home.id,
        regionPath: home.path,
        countyId,
        householdId: id,
        addressSealed: '',
        ownPhone: false,
        joinedDay: '2026-01-01',
        endedDay: life.endedDay,
      }
    }),
  })
  const each = <T>(list: (life: Life) => readonly T[]) =>
    elders.flatMap(({ id, life }) => list(life).map((one) => ({ elderId: id, one })))
  await db.elderResidence.createMany({
    data: each((life) => life.homes).map(({ elderId, one }) => ({
      id: randomUUID(),
      elderId,
      ...one.span,
      regionId: places[one.place].id,
      regionPath: places[one.place].path,
      addressSealed: '',
    })),
  })
  await db.elderCategory.createMany({
    data: each((life) => life.tags).map(({ elderId, one }) => ({
      id: randomUUID(),
      elderId,
      ...one,
      byPersonId: helper.personId,
      recordedAt: new Date(0),
    })),
  })
  await db.elderExit.createMany({
    data: each((life) => life.exits).map(({ elderId, one }) => ({
      id: randomUUID(),
      elderId,
      ...one,
      reason: '',
      approvedByPersonId: helper.personId,
      recordedAt: new Date(0),
    })),
  })
  await db.elderEvent.createMany({
    data: each((life) => life.events).map(({ elderId, one }) => ({
      id: randomUUID(),
      elderId,
      kind: 'change',
      happenedAt: one.happenedAt,
      day: dayOf(one.happenedAt),
      note: '',
      byPersonId: helper.personId,
      recordedAt: new Date(0),
    })),
  })
  const visits = each((life) => life.visits).map(({ elderId, one }, no) => ({ id: randomUUID(), elderId, one, no }))
  const common = { regionId: places.village.id, regionPath: places.village.path, countyId, counted: true }
  await db.visit.createMany({
    // no two of the one helper overlap: those of a day follow each other by a minute, and are as short
    data: visits.map(({ id, one, no }) => ({
      id,
      ...common,
      memberId: helper.id,
      memberPersonId: helper.personId,
      serviceId: service.id,
      channel: one.channel,
      nature: one.nature,
      state: 'finished',
      checkInAt: began(one.day, no),
      checkOutAt: addSeconds(began(one.day, no), 1),
      recordedAt: new Date(0),
      day: one.day,
      month: one.day.slice(0, 7),
      servedSeconds: one.servedSeconds,
      level: 1,
      tasksDone: '[]',
      flag: 'clean',
    })),
  })
  await db.visitElder.createMany({
    data: visits.map(({ id, elderId, one }) => ({
      visitId: id,
      elderId,
      ...common,
      day: one.day,
      month: one.day.slice(0, 7),
      channel: one.channel,
      nature: one.nature,
      servedSeconds: one.servedSeconds,
    })),
  })
  const begun = (id: string, own: readonly MadeVisit[]): CountedVisit[] =>
    own.map((one) => ({
      ...one,
      beganAt: began(one.day, visits.find((each) => each.elderId === id && each.one === one)?.no ?? 0),
    }))
  const asRules = (life: Life): ElderLife => ({
    endedDay: life.endedDay,
    tags: life.tags,
    exits: life.exits,
    events: life.events,
    residences: life.homes.map(({ place, span: dates }) => ({
      ...dates,
      regionId: places[place].id,
      regionPath: places[place].path,
    })),
  })
  return {
    requirements,
    elders: elders.map(({ id, life }) => ({ id, life: asRules(life), visits: begun(id, life.visits) })),
  }
}
