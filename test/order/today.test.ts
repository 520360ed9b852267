import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { accept } from '../../server/order/accept'
import { todayOf } from '../../server/order/today'
import { todayView } from '../../shared/order/view'
import { atDoor, HOME } from '../support/door'
import { asker } from '../support/orders'
import { newWorld, type World } from '../support/world'

type Helper = Awaited<ReturnType<World['member']>>
const todayFor = async (world: World, helper: Helper) => {
  if (helper.actor.member === null) throw new Error('a helper is a member')
  return todayView.parse(await todayOf(world.db, world.keys, helper.actor, helper.actor.member, world.clock.now))
}
const requireMonthly = (world: World, category: string) =>
  world.db.requirement.create({
    data: {
      id: randomUUID(),
      regionId: world.places.county.id,
      regionPath: world.places.county.path,
      category,
      interval: 'month',
      channels: 'inPerson',
      minSeconds: 0,
      validFrom: '2026-01-01',
      validTo: null,
    },
  })

test('whom the helper promised to go to, with where and whom to call, in the order of the day', async () => {
  const world = await newWorld()
  const helper = await world.member()
  const elders = [
    await world.elder({ categories: [] }),
    await world.elder({ categories: [] }),
    await world.elder({ categories: [] }),
  ]
  const times = ['afternoon', '09:30', 'any']
  for (const [index, elder] of elders.entries()) {
    const id = await asker(world, elder.id).ask(elder.actor, { wantedTime: times[index] })
    await accept(world.db, helper.actor, id, world.clock.now)
  }
  const tomorrow = await asker(world, elders[0]?.id ?? '').ask((elders[0] as (typeof elders)[number]).actor, {
    wantedDay: '2026-11-23',
  })
  await accept(world.db, helper.actor, tomorrow, world.clock.now)
  const { orders } = await todayFor(world, helper)
  expect(orders.map(({ wantedTime }) => wantedTime)).toEqual(['09:30', 'afternoon', 'any'])
  expect(orders[0]).toMatchObject({
    elderName: '王大娘',
    address: '北庄村12号',
    distanceMetres: null,
    lastVisitDay: null,
    owedSentence: null,
  })
  expect(orders[0]?.phone).toMatch(/^\d{11}$/)
})

test('who in the village is owed a visit, those one usually visits first, and nobody twice', async () => {
  const world = await newWorld()
  await requireMonthly(world, 'livingAlone')
  const door = await atDoor(world, { homePoint: HOME })
  const lastMonth = world.at('09:00', '2026-10-20')
  expect(lastMonth).toEqual(world.clock.now)
  await door.served(20, 1)
  world.at('10:00', '2026-11-22')
  const stranger = await world.elder()
  const ordered = await world.elder()
  await world.elder({ place: world.places.village2 })
  await world.elder({ categories: ['poor'] })
  await accept(world.db, door.helper.actor, await asker(world, ordered.id).ask(ordered.actor), world.clock.now)
  const { due, orders } = await todayFor(world, door.helper)
  expect(due.map(({ elderId, usualHelper, lastVisitDay }) => [elderId, usualHelper, lastVisitDay])).toEqual([
    [door.elder.id, true, '2026-10-20'],
    [stranger.id, false, null],
  ])
  expect(due[0]).toMatchObject({ elderName: '王大娘', regionName: '北庄村', owedSentence: '本月还差 1 次' })
  expect(orders).toMatchObject([{ elderId: ordered.id, owedSentence: '本月还差 1 次' }])
})

test('how the month stands: time, points there, points on their way, and what is running', async () => {
  const world = await newWorld()
  const door = await atDoor(world, { homePoint: HOME })
  const [paid] = [await door.served(65), await door.served(30)]
  await door.answer(paid, 'yes')
  const { id } = await door.begin()
  const other = await world.elder()
  await asker(world, other.id).ask(other.actor)
  expect(await todayFor(world, door.helper)).toMatchObject({
    monthSeconds: 95 * 60,
    availableMilliPoints: '13000',
    waitingMilliPoints: '6000',
    current: { visitId: id },
    openNearby: 1,
  })
})
