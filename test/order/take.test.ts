import { describe, expect, test } from 'vitest'
import { accept } from '../../server/order/accept'
import { assign } from '../../server/order/assign'
import { cancel } from '../../server/order/cancel'
import { giveBack } from '../../server/order/give-back'
import { findOpen, findOrders, showOrder, whereOfList } from '../../server/order/queries'
import { atDoor, refusalOf } from '../support/door'
import { asker, orderOf } from '../support/orders'
import { newWorld } from '../support/world'

async function asked() {
  const world = await newWorld()
  const elder = await world.elder()
  const helper = await world.member()
  const staff = await world.staff('villageStaff')
  const id = await asker(world, elder.id).ask(elder.actor)
  /** Every press a second later, so that what happened has an order. */
  const now = () => world.later(1)
  return {
    world,
    elder,
    helper,
    staff,
    id,
    take: (actor = helper.actor) => accept(world.db, actor, id, now()),
    give: (actor = helper.actor) => giveBack(world.db, actor, id, { reason: 'busy' }, now()),
    stop: (actor = elder.actor) => cancel(world.db, actor, id, { reason: 'notNeeded' }, now()),
    send: (memberId: string, actor = staff) => assign(world.db, actor, id, memberId, now()),
    order: () => orderOf(world, id),
  }
}

describe('accepting', () => {
  test('makes it the helper’s, and asked again changes nothing', async () => {
    const { take, order, helper } = await asked()
    await take()
    await take()
    expect(await order()).toMatchObject({
      state: 'accepted',
      memberId: helper.id,
      events: [{ kind: 'asked' }, { kind: 'accepted', memberId: helper.id }],
    })
  })

  test('of many at once exactly one gets it', async () => {
    const { world, take, order } = await asked()
    const helpers = await Promise.all([1, 2, 3, 4].map(() => world.member()))
    const answers = await Promise.all(helpers.map(({ actor }) => refusalOf(take(actor))))
    expect(answers.filter((code) => code === null)).toHaveLength(1)
    expect(answers.filter((code) => code === 'ORDER_NOT_OPEN')).toHaveLength(3)
    const winner = helpers[answers.indexOf(null)]
    expect(await order()).toMatchObject({ memberId: winner?.id })
    expect((await order()).events).toHaveLength(2)
  })

  test('is for helpers of the town who may do it', async () => {
    const { world, take, elder } = await asked()
    const [near, far, abroad] = [
      await world.member({ place: world.places.village2 }),
      await world.member({ place: world.places.village3 }),
      await world.member({ place: world.places.otherVillage }),
    ]
    const [self, suspended] = [
      await world.member({ personId: elder.personId }),
      await world.member({ state: 'suspended' }),
    ]
    expect(await refusalOf(take(far.actor))).toBe('NOT_FOUND')
    expect(await refusalOf(take(abroad.actor))).toBe('NOT_FOUND')
    expect(await refusalOf(take(self.actor))).toBe('SELF_SERVICE')
    expect(await refusalOf(take(suspended.actor))).toBe('MEMBER_SUSPENDED')
    await world.db.service.update({ where: { id: world.service.id }, data: { trainingNeeded: '急救' } })
    expect(await refusalOf(take(near.actor))).toBe('TRAINING_NEEDED')
    await world.db.service.update({ where: { id: world.service.id }, data: { trainingNeeded: null } })
    expect(await refusalOf(take(near.actor))).toBeNull()
  })
})

describe('去不了', () => {
  test('opens it to all again, and staff look after the usual time', async () => {
    const { take, give, order, helper, world } = await asked()
    await take()
    world.later(5 * 3600)
    await give()
    const givenAt = world.clock.now
    await give()
    expect(await order()).toMatchObject({
      state: 'open',
      memberId: null,
      acceptedAt: null,
      staffFrom: givenAt,
      events: [{}, {}, { kind: 'givenBack', memberId: helper.id, reason: 'busy' }],
    })
    expect(await refusalOf(take())).toBeNull()
  })

  test('is for who has it', async () => {
    const { world, take, give } = await asked()
    expect(await refusalOf(give())).toBe('ORDER_NOT_YOURS')
    await take()
    expect(await refusalOf(give((await world.member()).actor))).toBe('ORDER_NOT_YOURS')
    expect(await refusalOf(give((await world.member({ place: world.places.otherVillage })).actor))).toBe('NOT_FOUND')
  })
})

describe('assigning', () => {
  test('gives it to a helper, also from one to another', async () => {
    const { world, send, take, order, helper } = await asked()
    const other = await world.member()
    await take()
    await send(other.id)
    await send(other.id)
    expect(await order()).toMatchObject({
      state: 'accepted',
      memberId: other.id,
      events: [{}, { memberId: helper.id }, { kind: 'assigned', memberId: other.id }],
    })
  })

  test('is for staff of the place, and helpers they know of', async () => {
    const { world, send, helper, elder } = await asked()
    const [outside, auditor] = [
      await world.staff('villageStaff', world.places.village2),
      await world.staff('townAuditor', world.places.town),
    ]
    expect(await refusalOf(send(helper.id, outside))).toBe('NOT_FOUND')
    expect(await refusalOf(send(helper.id, auditor))).toBe('NOT_ALLOWED')
    expect(await refusalOf(send(helper.id, elder.actor))).toBe('NOT_ALLOWED')
    expect(await refusalOf(send((await world.member({ place: world.places.village3 })).id))).toBe('NOT_FOUND')
    expect(await refusalOf(send((await world.member({ state: 'suspended' })).id))).toBe('MEMBER_SUSPENDED')
  })

  test('at once with an acceptance leaves one helper', async () => {
    const { world, send, take, order, helper } = await asked()
    const other = await world.member()
    const answers = await Promise.all([refusalOf(take()), refusalOf(send(other.id))])
    const { memberId, state } = await order()
    expect(state).toBe('accepted')
    expect([helper.id, other.id]).toContain(memberId)
    expect(answers).toContain(null)
  })
})

describe('cancelling', () => {
  test('is for who may ask; asked again changes nothing', async () => {
    const { world, stop, take, order, helper, staff } = await asked()
    expect(await refusalOf(stop(helper.actor))).toBe('NOT_ALLOWED')
    expect(await refusalOf(stop((await world.elder()).actor))).toBe('NOT_FOUND')
    await take()
    await stop(staff)
    await stop()
    expect(await order()).toMatchObject({
      state: 'cancelled',
      events: [{}, {}, { kind: 'cancelled', reason: 'notNeeded', byPersonId: staff.personId }],
    })
    expect(await refusalOf(take((await world.member()).actor))).toBe('ORDER_NOT_OPEN')
  })
})

describe('the visit of an order', () => {
  test('takes an open one at the door, and its end is the order’s end', async () => {
    const world = await newWorld()
    const door = await atDoor(world)
    const id = await asker(world, door.elder.id).ask(door.elder.actor)
    const visit = await door.begin({ orderId: id })
    expect(await orderOf(world, id)).toMatchObject({ state: 'accepted', memberId: door.helper.id })
    world.later(1800)
    await door.end(visit.id)
    expect(await orderOf(world, id)).toMatchObject({
      state: 'done',
      closedAt: world.clock.now,
      events: [{ kind: 'asked' }, { kind: 'accepted' }, { kind: 'done' }],
    })
  })

  test('that was cancelled or taken by another begins without it', async () => {
    const world = await newWorld()
    const door = await atDoor(world)
    const [gone, taken] = [
      await asker(world, door.elder.id).ask(door.elder.actor),
      await asker(world, door.elder.id).ask(door.elder.actor),
    ]
    await cancel(world.db, door.elder.actor, gone, { reason: 'mistake' }, world.clock.now)
    const other = await world.member()
    await accept(world.db, other.actor, taken, world.clock.now)
    for (const orderId of [gone, taken]) {
      const { id } = await door.begin({ orderId })
      expect((await door.visitOf(id)).orderId).toBeNull()
      world.later(1200)
      await door.end(id)
    }
    expect(await orderOf(world, taken)).toMatchObject({ state: 'accepted', memberId: other.id })
  })

  test('of another elder is none', async () => {
    const world = await newWorld()
    const door = await atDoor(world)
    const other = await world.elder()
    const id = await asker(world, other.id).ask(other.actor)
    expect(await refusalOf(door.begin({ orderId: id }))).toBe('NOT_FOUND')
  })
})

describe('lists', () => {
  test('a helper sees what is open in the town, the own village first, never the own', async () => {
    const { world, helper, id, elder } = await asked()
    const neighbour = await world.elder({ place: world.places.village2 })
    const [far, self] = [
      await world.elder({ place: world.places.village3 }),
      await world.elder({ personId: helper.personId }),
    ]
    const earlier = await asker(world, neighbour.id).ask(neighbour.actor)
    await asker(world, far.id).ask(far.actor)
    await asker(world, self.id).ask(self.actor)
    const late = await asker(world, elder.id).ask(elder.actor, { wantedDay: '2026-11-25' })
    expect((await findOpen(world.db, helper.actor, 10, world.clock.now)).map((order) => order.id)).toEqual([
      id,
      late,
      earlier,
    ])
    expect((await findOpen(world.db, helper.actor, 2, world.clock.now)).map((order) => order.id)).toEqual([id, late])
  })

  test('the desk finds what nobody took in time; others find their own', async () => {
    const { world, elder, staff, id } = await asked()
    const other = await world.elder({ place: world.places.village2 })
    await asker(world, other.id).ask(other.actor)
    const list = async (actor: typeof staff, query: object = {}) =>
      (
        await findOrders(world.db, await whereOfList(world.db, actor, { limit: 50, ...query }, world.clock.now), {
          take: 50,
        })
      ).map((order) => order.id)
    expect(await list(staff)).toEqual([id])
    expect(await list(elder.actor)).toEqual([id])
    expect(await list(elder.actor, { elderId: other.id })).toEqual([])
    expect(await list(await world.staff('townStaff', world.places.town2))).toEqual([])
    expect(await list(staff, { unattended: '1' })).toEqual([])
    world.at('13:00')
    expect(await list(staff, { unattended: '1' })).toEqual([id])
  })

  test('the elder’s name is masked until somebody goes there', async () => {
    const { world, take, helper, elder, staff, id } = await asked()
    const nameFor = async (actor: typeof staff) =>
      (await showOrder(world.db, world.keys, actor, id, world.clock.now)).elderName
    expect(await nameFor(helper.actor)).toBe('王*英')
    await take()
    expect(await nameFor(helper.actor)).toBe('王大娘')
    expect(await nameFor(elder.actor)).toBe('王秀英')
    expect(await nameFor(staff)).toBe('王*英')
    expect(await refusalOf(nameFor((await world.member()).actor))).toBe('NOT_FOUND')
  })
})
