import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { accept } from '../../server/order/accept'
import { assign } from '../../server/order/assign'
import { addPairing } from '../../server/pairing/pair'
import { setSetting } from '../../server/region/set'
import { checkIn } from '../../server/visit/check-in'
import { REFUSALS } from '../../shared/core/refusals'
import { instantOf } from '../../shared/core/time'
import { whyNotAlone } from '../../shared/service/minors'
import { asker } from '../support/orders'
import { refusal } from '../support/refusal'
import { newWorld } from '../support/world'

/** Eighteen on 2026-11-23. */
const BORN = '2008-11-23'

async function withMinor() {
  const world = await newWorld()
  const { db, keys, service } = world
  const elder = await world.elder()
  const staff = await world.staff('villageStaff')
  const plate = await world.plate(elder.id)
  const helper = await world.member({ personId: await world.person({ name: '于小海', birthDate: BORN }) })
  const wanted = (wantedDay?: string) =>
    asker(world, elder.id).ask(elder.actor, wantedDay === undefined ? {} : { wantedDay })
  const begin = (at: Date) => {
    const input = { id: randomUUID(), code: plate.code, elderIds: [elder.id], serviceId: service.id }
    return refusal(checkIn(db, keys, helper.actor, { ...input, deviceAt: at.toISOString() }, at))
  }
  return { world, elder, staff, helper, wanted, begin }
}

test('to an elder alone goes nobody under eighteen: at the door until midnight of Shanghai before the birthday', async () => {
  const { begin } = await withMinor()
  expect(await begin(instantOf('2026-11-22', '23:59'))).toBe('MINOR_ALONE')
  expect(REFUSALS.MINOR_ALONE[1]).toBe('未成年志愿者只参加集体活动，不单独上门')
  expect(await begin(instantOf('2026-11-23', '00:00'))).toBeNull()
})

test('nor takes or is given an order for a day before the birthday; for the birthday it is taken the day before', async () => {
  const { world, staff, helper, wanted } = await withMinor()
  const { db, clock } = world
  const today = await wanted()
  expect(await refusal(accept(db, helper.actor, today, clock.now))).toBe('MINOR_ALONE')
  expect(await refusal(assign(db, staff, today, helper.id, clock.now))).toBe('MINOR_ALONE')
  const tomorrow = await wanted('2026-11-23')
  expect(await refusal(accept(db, helper.actor, tomorrow, clock.now))).toBeNull()
})

test('nor is paired with an elder', async () => {
  const { world, staff, helper, elder } = await withMinor()
  const pair = (at: Date) =>
    addPairing(
      world.db,
      staff,
      { id: randomUUID(), elderId: elder.id, memberId: helper.id, sinceDay: '2026-11-22' },
      at,
    )
  expect(await refusal(pair(world.clock.now))).toBe('MINOR_ALONE')
  expect(await refusal(pair(instantOf('2026-11-23', '00:00')))).toBeNull()
})

test('a group activity is open to them, and the county sets the age', async () => {
  const { world, begin } = await withMinor()
  const { db, service, places, clock } = world
  const traits = (value: string) => db.service.update({ where: { id: service.id }, data: { traits: value } })
  await traits('group,atSite')
  expect(await begin(clock.now)).toBeNull()
  await traits('')
  expect(await begin(world.later(60))).toBe('MINOR_ALONE')
  const admin = await world.staff('countyAdmin', places.county)
  const lower = { id: randomUUID(), key: 'minorsAloneFromAge', value: 16, validFrom: '2026-11-22' }
  await setSetting(db, admin, places.county.id, lower, clock.now)
  expect(await begin(world.later(60))).toBeNull()
})

test.each([
  ['2010-02-28', '2028-02-27', 'MINOR_ALONE'],
  ['2010-02-28', '2028-02-28', null],
  // born on the 29th of February: a year older on the 28th where there is none (民法典 204)
  ['2008-02-29', '2026-02-27', 'MINOR_ALONE'],
  ['2008-02-29', '2026-02-28', null],
  [null, '2026-03-01', null],
] as const)('born %s, on %s: %s', (born, day, expected) => {
  expect(whyNotAlone(born, { traits: '' }, day, 18)).toBe(expected)
})
