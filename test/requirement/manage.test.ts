import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { addRequirement, endRequirement, listRequirements } from '../../server/requirement/manage'
import { codesOf } from '../ledger/books'
import { newWorld } from '../support/world'

const rule = (regionId: string, more: object = {}) => ({
  id: randomUUID(),
  regionId,
  category: 'poor' as const,
  interval: 'week' as const,
  channels: ['inPerson' as const],
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
