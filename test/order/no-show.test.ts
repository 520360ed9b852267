import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { accept } from '../../server/order/accept'
import { ask } from '../../server/order/ask'
import { recordNoShow } from '../../server/order/no-show'
import { refusalOf } from '../support/door'
import { newWorld, SIMPLE, TODAY } from '../support/world'

test('who took an order and didn’t come: it is open again, the fine waits for a second person, the second time suspends', async () => {
  const world = await newWorld({ scheme: { ...SIMPLE, penalties: { noShowMilliPoints: 500, noShowsPerYearMax: 2 } } })
  const { db, clock } = world
  const elder = await world.elder()
  const helper = await world.member()
  const clerk = await world.staff('villageStaff')
  const far = await world.staff('villageStaff', world.places.village2)
  const id = randomUUID()
  const wish = { id, elderId: elder.id, serviceId: world.service.id, wantedDay: TODAY, wantedTime: 'any' }
  await ask(db, elder.actor, wish, clock.now)
  const noShow = (by = clerk) => refusalOf(recordNoShow(db, by, id, clock.now))

  expect(await noShow()).toBe('ORDER_NOT_TAKEN')
  await accept(db, helper.actor, id, clock.now)
  expect(await noShow(far)).toBe('NOT_FOUND')
  const both = await Promise.all([noShow(), noShow()])
  expect(both.filter((one) => one === null)).toHaveLength(1)
  expect(await db.order.findUnique({ where: { id } })).toMatchObject({ state: 'open', memberId: null })
  expect(await db.ledgerRequest.findMany()).toMatchObject([
    { kind: 'MANUAL', milliPoints: -500n, reason: '今年第 1 次失约，照积分规则扣', beneficiaryId: helper.personId },
  ])
  expect((await db.member.findUniqueOrThrow({ where: { id: helper.id } })).state).toBe('active')

  world.later(60)
  await accept(db, helper.actor, id, clock.now)
  expect(await noShow()).toBeNull()
  expect((await db.member.findUniqueOrThrow({ where: { id: helper.id } })).state).toBe('suspended')
})
