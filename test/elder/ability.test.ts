import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { abilityOn, assessElder } from '../../server/elder/assess'
import { recordEvent } from '../../server/elder/event'
import { exitElder } from '../../server/elder/exit'
import { findElderDetail } from '../../server/elder/record'
import { levelOfScore } from '../../shared/elder/ability'
import { codesOf } from '../ledger/books'
import { newWorld } from '../support/world'

test.each([
  [90, 'intact'],
  [89, 'mild'],
  [66, 'mild'],
  [65, 'moderate'],
  [46, 'moderate'],
  [45, 'severe'],
  [30, 'severe'],
  [29, 'total'],
  [0, 'total'],
  [91, null],
  [-1, null],
  [60.5, null],
])('a score of %s is %s', (score, level) => {
  expect(levelOfScore(score)).toBe(level)
})

const assessment = (more: object = {}) => ({
  ...{ id: randomUUID(), assessedDay: '2026-11-01', score: 60, organisation: '县评估中心' },
  ...more,
})

test('an assessment holds from its day until the next one, and none is rewritten', async () => {
  const { db, keys, clock, places, ...world } = await newWorld()
  const [elder, staff] = [await world.elder(), await world.staff('villageStaff')]
  const first = assessment()
  await Promise.all([
    assessElder(db, staff, elder.id, first, clock.now),
    assessElder(db, staff, elder.id, first, clock.now),
  ])
  await assessElder(db, staff, elder.id, assessment({ assessedDay: '2026-11-20', score: 40 }), clock.now)

  const on = async (day: string) => (await abilityOn(db, [elder.id], day)).get(elder.id)
  expect([await on('2026-10-31'), await on('2026-11-19'), await on('2026-11-20')]).toEqual([
    undefined,
    'moderate',
    'severe',
  ])
  const shown = await findElderDetail(db, keys, staff, elder.id, clock.now)
  expect(shown.assessments.map((one) => [one.level, one.nextDueDay])).toEqual([
    ['severe', '2027-11-20'],
    ['moderate', '2027-11-01'],
  ])
  await expect(db.assessment.updateMany({ data: { score: 1 } })).rejects.toMatchObject({ code: 'P2003' })
})

test('no score above 90, nothing of tomorrow, nothing of a neighbour', async () => {
  const { db, clock, places, ...world } = await newWorld()
  const [elder, staff] = [await world.elder(), await world.staff('villageStaff')]
  const other = await world.staff('villageStaff', places.village2)
  expect(
    await codesOf([
      assessElder(db, staff, elder.id, assessment({ score: 91 }), clock.now),
      assessElder(db, staff, elder.id, assessment({ assessedDay: '2026-11-23' }), clock.now),
      assessElder(db, staff, elder.id, assessment({ nextDueDay: '2026-11-01' }), clock.now),
      assessElder(db, other, elder.id, assessment(), clock.now),
      recordEvent(
        db,
        staff,
        elder.id,
        { id: randomUUID(), kind: 'alarm', happenedAt: '2026-11-22T09:00:00Z', note: '' },
        clock.now,
      ),
    ]),
  ).toEqual(['SCORE_RANGE', 'DATE_IN_FUTURE', 'DATE_ORDER', 'NOT_FOUND', 'DATE_IN_FUTURE'])
  expect([await db.assessment.count(), await db.elderEvent.count()]).toEqual([0, 0])
})

test('two exemptions of the same days are refused, and the record says who approved which', async () => {
  const { db, keys, clock, places, ...world } = await newWorld()
  const [elder, staff] = [await world.elder(), await world.staff('villageStaff')]
  const away = (validFrom: string, validTo: string | null) =>
    exitElder(db, staff, elder.id, { id: randomUUID(), kind: 'away', validFrom, validTo, reason: '走亲戚' }, clock.now)
  await away('2026-11-01', '2026-11-10')
  expect(await codesOf([away('2026-11-10', '2026-11-12'), away('2026-11-12', '2026-11-11')])).toEqual([
    'EXIT_OVERLAPS',
    'DATE_ORDER',
  ])
  expect((await findElderDetail(db, keys, staff, elder.id, clock.now)).exits).toMatchObject([
    { kind: 'away', reason: '走亲戚', approvedBy: '孙*' },
  ])
})
