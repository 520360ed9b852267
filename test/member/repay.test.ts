import { expect, test, vi } from 'vitest'
import { auditLedger } from '../../server/ledger/audit'
import { recoveryIdOf } from '../../server/ledger/order'
import { balanceOf } from '../../server/ledger/queries'
import { repayAdvances } from '../../server/member/repay'
import { redeem } from '../../server/redemption/redeem'
import { forgetSettings } from '../../server/region/settings'
import { newShop } from '../redemption/shop'
import { atDoor, HOME } from '../support/door'

vi.setConfig({ testTimeout: 120_000 })

/** A helper who was paid 13 points for an hour that was not served, and has spent 8 of them. */
async function owing() {
  const shop = await newShop({ left: 9, priceMilliPoints: 8000n })
  const door = await atDoor(shop, { homePoint: HOME })
  const accountId = await shop.accountOf(door.helper.personId)
  const first = await door.served(65)
  await door.answer(first, 'yes')
  await redeem(shop.db, door.helper.actor, shop.wish(), shop.clock.now)
  await door.answer(first, 'no')
  const posted = async (id = accountId) => (await balanceOf(shop.db, id)).postedMilliPoints
  const owed = async () => -(await posted(recoveryIdOf(accountId)))
  return { ...shop, ...door, accountId, posted, owed }
}

test('what could not be taken back is owed, and later visits repay half of what they bring until it is paid', async () => {
  const { db, clock, served, answer, posted, owed } = await owing()
  expect(await owed()).toBe(8000n)
  expect(await repayAdvances(db, clock.now)).toBe(0)
  await answer(await served(60), 'yes')
  const before = await posted()
  expect(await repayAdvances(db, clock.now)).toBe(1)
  expect(await repayAdvances(db, clock.now)).toBe(0)
  expect([await posted(), await owed()]).toEqual([before - 6000n, 2000n])
  await answer(await served(60), 'yes')
  expect(await repayAdvances(db, clock.now)).toBe(1)
  expect(await owed()).toBe(0n)
  await answer(await served(60), 'yes')
  expect(await repayAdvances(db, clock.now)).toBe(0)
  expect((await auditLedger(db)).problem).toBeNull()
  expect(await db.ledgerTransaction.count({ where: { kind: 'REPAY', byId: 'clock' } })).toBe(2)
})

test('a county may let nobody repay, or all of it; a visit that was taken back repays nothing', async () => {
  const { db, clock, places, served, answer, owed } = await owing()
  const setting = { regionId: places.county.id, key: 'repayPercent', byPersonId: 'test', recordedAt: clock.now }
  await db.setting.create({ data: { ...setting, id: 'none', value: '0', validFrom: '2026-01-01', version: 1 } })
  const visit = await served(60)
  await answer(visit, 'yes')
  expect(await repayAdvances(db, clock.now)).toBe(0)
  expect(await owed()).toBe(8000n)
  await answer(visit, 'no')
  await db.setting.update({ where: { id: 'none' }, data: { value: '100' } })
  forgetSettings(db)
  expect(await repayAdvances(db, clock.now)).toBe(0)
  await answer(await served(60), 'yes')
  expect(await repayAdvances(db, clock.now)).toBe(1)
  expect(await owed()).toBe(0n)
})
