import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { ask } from '../../server/order/ask'
import { instantOf } from '../../shared/core/time'
import { refusalOf } from '../support/door'
import { asker, orderOf } from '../support/orders'
import { newWorld, TODAY } from '../support/world'

test('the elder, who acts for the elder and staff ask; the order says who', async () => {
  const world = await newWorld()
  const elder = await world.elder()
  const [proxy, staff] = [await world.proxy(elder.id), await world.staff('villageStaff')]
  const asking = asker(world, elder.id)
  const orders = [await asking.ask(elder.actor), await asking.ask(proxy), await asking.ask(staff)]
  const rows = await Promise.all(orders.map((id) => orderOf(world, id)))
  expect(rows.map(({ origin }) => origin)).toEqual(['elder', 'proxy', 'staff'])
  expect(rows[0]).toMatchObject({
    state: 'open',
    regionPath: elder.regionPath,
    wantedDay: TODAY,
    askedByPersonId: elder.personId,
    memberId: null,
    events: [{ kind: 'asked', byPersonId: elder.personId }],
  })
  expect(rows[0]?.staffFrom).toEqual(instantOf(TODAY, '13:00'))
  expect(await world.db.operationLog.count({ where: { resource: 'order', action: 'asked' } })).toBe(3)
})

test('others may not: other elders, proxies without that power, staff of other places, helpers', async () => {
  const world = await newWorld()
  const elder = await world.elder()
  const { actor } = await world.member()
  const others = [
    (await world.elder()).actor,
    await world.proxy(elder.id, { scopes: 'confirm' }),
    await world.staff('villageStaff', world.places.village2),
    await world.staff('townAuditor', world.places.town),
    actor,
  ]
  for (const other of others) expect(await refusalOf(asker(world, elder.id).ask(other))).toBe('NOT_FOUND')
  expect(await refusalOf(asker(world, randomUUID()).ask(elder.actor))).toBe('NOT_FOUND')
})

test('not for yesterday, not for a service that is not offered here, not without end', async () => {
  const world = await newWorld()
  const elder = await world.elder()
  const asking = asker(world, elder.id)
  expect(await refusalOf(asking.ask(elder.actor, { wantedDay: '2026-11-21' }))).toBe('ORDER_DAY')
  expect(await refusalOf(asking.ask(elder.actor, { serviceId: randomUUID() }))).toBe('SERVICE_UNKNOWN')
  for (let order = 0; order < 5; order++) await asking.ask(elder.actor)
  expect(await refusalOf(asking.ask(elder.actor))).toBe('ORDER_TOO_MANY')
})

test('asked twice it is one order; at once no more than the most', async () => {
  const world = await newWorld()
  const elder = await world.elder()
  const asking = asker(world, elder.id)
  const body = asking.body()
  const press = () => ask(world.db, elder.actor, body, world.clock.now)
  expect(await Promise.all([press(), press()])).toEqual([{ id: body.id }, { id: body.id }])
  await Promise.all(Array.from({ length: 7 }, () => refusalOf(asking.ask(elder.actor))))
  expect(await world.db.order.count()).toBe(5)
})
