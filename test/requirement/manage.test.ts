import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { addRequirement, changeRequirement, endRequirement, listRequirements } from '../../server/requirement/manage'
import { codesOf } from '../ledger/books'
import { newWorld } from '../support/world'

const rule = (regionId: string, more: object = {}) => ({
  id: randomUUID(),
  regionId,
  category: 'poor' as const,
  interval: 'week' as const,
  intervalLength: null,
  channels: ['inPerson' as const],
  natures: ['volunteer' as const, 'mutualAid' as const, 'dutyPaid' as const],
  minSeconds: 900,
  validFrom: '2026-12-01',
  validTo: null,
  ...more,
})

test('the county asks for visits from a day on, and ends it; both are written down', async () => {
  const { db, places, staff, clock } = await newWorld()
  const admin = await staff('countyAdmin', places.county)
  const ask = rule(places.town.id)
  const [first, second] = await Promise.all([
    addRequirement(db, admin, ask, clock.now),
    addRequirement(db, admin, ask, clock.now),
  ])
  expect(first).toEqual(second)
  expect(first).toMatchObject({
    regionName: '泽头镇',
    categoryWord: '分散特困',
    interval: 'week',
    channels: ['inPerson'],
    validTo: null,
  })

  expect(await endRequirement(db, admin, ask.id, { validTo: '2026-12-31' }, clock.now)).toMatchObject({
    validTo: '2026-12-31',
  })
  await endRequirement(db, admin, ask.id, { validTo: '2026-12-31' }, clock.now)

  expect(await db.operationLog.count({ where: { resource: 'requirement', resourceId: ask.id } })).toBe(2)
})

test('never backwards, never the wrong way round, never in another county', async () => {
  const { db, places, staff, clock } = await newWorld()
  const [admin, other] = [await staff('countyAdmin', places.county), await staff('countyAdmin', places.otherCounty)]
  const known = rule(places.county.id)
  await addRequirement(db, admin, known, clock.now)
  const codes = await codesOf([
    addRequirement(db, admin, rule(places.county.id, { validFrom: '2026-11-21' }), clock.now),
    addRequirement(db, admin, rule(places.county.id, { validTo: '2026-11-30' }), clock.now),
    addRequirement(db, other, rule(places.county.id), clock.now),
    addRequirement(db, admin, rule(randomUUID()), clock.now),
    endRequirement(db, other, known.id, { validTo: '2026-12-31' }, clock.now),
    endRequirement(db, admin, known.id, { validTo: '2026-11-21' }, clock.now),
    endRequirement(db, admin, known.id, { validTo: '2026-11-30' }, clock.now),
    endRequirement(db, admin, randomUUID(), { validTo: '2026-12-31' }, clock.now),
  ])
  expect(codes).toEqual([
    'DATE_IN_PAST',
    'DATE_ORDER',
    'REGION_OUTSIDE',
    'REGION_UNKNOWN',
    'NOT_FOUND',
    'DATE_IN_PAST',
    'DATE_ORDER',
    'NOT_FOUND',
  ])
})

test('a village sees what holds for it, of its own and from above, and nothing of its neighbours', async () => {
  const { db, places, staff, clock } = await newWorld()
  const admin = await staff('countyAdmin', places.county)
  for (const place of ['county', 'town', 'village', 'village2', 'town2'] as const)
    await addRequirement(db, admin, rule(places[place].id), clock.now)
  const seen = async (place: 'village' | 'otherVillage') =>
    (await listRequirements(db, await staff('villageStaff', places[place]), undefined)).map((one) => one.regionName)
  expect(await seen('village')).toEqual(['文登区', '泽头镇', '北庄村'])
  expect(await seen('otherVillage')).toEqual([])
})

test('a rule is changed from a day on by another version; what was before stays', async () => {
  const { db, places, staff, clock } = await newWorld()
  const admin = await staff('countyAdmin', places.county)
  const first = rule(places.county.id)
  await addRequirement(db, admin, first, clock.now)
  const change = {
    ...{ id: randomUUID(), interval: 'days' as const, intervalLength: 10, channels: ['phone' as const] },
    ...{ natures: ['mutualAid' as const], minSeconds: 300, validFrom: '2027-01-01' },
  }
  const changed = await changeRequirement(db, admin, first.id, change, clock.now)
  await changeRequirement(db, admin, first.id, change, clock.now)

  expect(changed).toMatchObject({ sentence: '每 10 天 1 次，电话，邻里互助，至少 5 分钟', replacesId: first.id })
  const rows = await db.requirement.findMany({ orderBy: { validFrom: 'asc' } })
  expect(rows.map((one) => [one.interval, one.intervalLength, one.validFrom, one.validTo])).toEqual([
    ['week', null, '2026-12-01', '2026-12-31'],
    ['days', 10, '2027-01-01', null],
  ])
  expect(
    await codesOf([
      changeRequirement(db, admin, changed.id, { ...change, id: randomUUID(), validFrom: '2027-01-01' }, clock.now),
      changeRequirement(db, admin, changed.id, { ...change, id: randomUUID(), validFrom: '2026-11-21' }, clock.now),
      changeRequirement(db, admin, changed.id, { ...change, id: randomUUID(), intervalLength: null }, clock.now),
      addRequirement(db, admin, rule(places.county.id, { interval: 'event' }), clock.now),
      addRequirement(db, admin, rule(places.county.id, { intervalLength: 7 }), clock.now),
    ]),
  ).toEqual(['DATE_ORDER', 'DATE_IN_PAST', 'REQUIREMENT_INTERVAL', 'REQUIREMENT_INTERVAL', 'REQUIREMENT_INTERVAL'])
})
