import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { findRegionDetail } from '../../server/region/list'
import { setSetting } from '../../server/region/set'
import { settingsAt } from '../../server/region/settings'
import { refusal } from '../support/refusal'
import { newWorld, TODAY } from '../support/world'

const set = (key: string, value: string | number, validFrom = TODAY) => ({ id: randomUUID(), key, value, validFrom })

test('what nobody set is the standard', async () => {
  const { db, places } = await newWorld()

  expect(await settingsAt(db, places.village.path, TODAY)).toMatchObject({
    hotline: '12349',
    visitSecondsMin: 900,
    pointsWord: '爱心分',
  })
  expect(await settingsAt(db, '/', TODAY)).toMatchObject({ hotline: '12349' })
})

test('a value holds below the region it was set for; the most specific region wins', async () => {
  const { db, staff, places, clock } = await newWorld()
  const admin = await staff('countyAdmin', places.county)
  await setSetting(db, admin, places.county.id, set('hotline', '0631-8451234'), clock.now)
  await setSetting(db, admin, places.town.id, set('hotline', '0631-8455678'), clock.now)

  expect((await settingsAt(db, places.village.path, TODAY)).hotline).toBe('0631-8455678')
  expect((await settingsAt(db, places.village3.path, TODAY)).hotline).toBe('0631-8451234')
  expect((await settingsAt(db, places.otherVillage.path, TODAY)).hotline).toBe('12349')
})

test('a value holds from its day on, and the day before keeps what it had', async () => {
  const { db, staff, places, clock } = await newWorld()
  const admin = await staff('countyAdmin', places.county)
  await setSetting(db, admin, places.county.id, set('visitSecondsMin', 600, TODAY), clock.now)
  await setSetting(db, admin, places.county.id, set('visitSecondsMin', 1200, '2026-12-01'), clock.now)

  expect((await settingsAt(db, places.village.path, '2026-11-21')).visitSecondsMin).toBe(900)
  expect((await settingsAt(db, places.village.path, '2026-11-30')).visitSecondsMin).toBe(600)
  expect((await settingsAt(db, places.village.path, '2026-12-01')).visitSecondsMin).toBe(1200)
})

test('of two values of one day the later one holds, also when set at once', async () => {
  const { db, staff, places, clock } = await newWorld()
  const admin = await staff('countyAdmin', places.county)
  await setSetting(db, admin, places.county.id, set('pointsWord', '时间币'), clock.now)
  expect((await settingsAt(db, places.village.path, TODAY)).pointsWord).toBe('时间币')

  await Promise.all(
    ['积分', '爱心币'].map((word) => setSetting(db, admin, places.county.id, set('pointsWord', word), clock.now)),
  )

  const last = await db.setting.findFirstOrThrow({ where: { version: 3 } })
  expect((await settingsAt(db, places.village.path, TODAY)).pointsWord).toBe(JSON.parse(last.value))
})

test('asked twice, it is set once', async () => {
  const { db, staff, places, clock } = await newWorld()
  const admin = await staff('countyAdmin', places.county)
  const input = set('nearMetres', 300)
  await setSetting(db, admin, places.county.id, input, clock.now)
  await setSetting(db, admin, places.county.id, input, clock.now)

  expect(await db.setting.count()).toBe(1)
})

test.each([
  ['unknownKey', 1, TODAY, 'SETTING_UNKNOWN'],
  ['toString', 'x', TODAY, 'SETTING_UNKNOWN'],
  ['hotline', 12349, TODAY, 'BAD_INPUT'],
  ['hotline', '  ', TODAY, 'REQUIRED'],
  ['visitSecondsMin', '900', TODAY, 'BAD_INPUT'],
  ['nearMetres', 29, TODAY, 'BAD_INPUT'],
  ['nearMetres', 5001, TODAY, 'BAD_INPUT'],
  ['nearMetres', 30, '2026-11-21', 'DATE_IN_PAST'],
])('%s = %s from %s is answered with %s', async (key, value, validFrom, code) => {
  const { db, staff, places, clock } = await newWorld()
  const admin = await staff('countyAdmin', places.county)

  expect(await refusal(setSetting(db, admin, places.county.id, set(key, value, validFrom), clock.now))).toBe(code)
})

test('only the county’s admin sets, and only there', async () => {
  const { db, staff, places, clock } = await newWorld()
  const clerk = await staff('townStaff', places.town)
  const admin = await staff('countyAdmin', places.county)

  expect(await refusal(setSetting(db, clerk, places.town.id, set('nearMetres', 300), clock.now))).toBe('NOT_FOUND')
  expect(await refusal(setSetting(db, admin, places.otherTown.id, set('nearMetres', 300), clock.now))).toBe('NOT_FOUND')
})

test('the detail says where a value comes from', async () => {
  const { db, staff, places, clock } = await newWorld()
  const admin = await staff('countyAdmin', places.county)
  await setSetting(db, admin, places.county.id, set('hotline', '0631-8451234'), clock.now)

  const { settings } = await findRegionDetail(db, admin, places.village.id, TODAY)

  expect(settings.find((one) => one.key === 'hotline')).toMatchObject({
    value: '0631-8451234',
    fromRegionName: '文登区',
    validFrom: TODAY,
  })
  expect(settings.find((one) => one.key === 'nearMetres')).toMatchObject({ value: 200, fromRegionName: null })
})
