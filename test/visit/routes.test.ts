import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Outcomes, QueueCounts } from '../../shared/audit/view'
import type { Page } from '../../shared/core/view'
import type { OrderDetail, OrderView, TodayView } from '../../shared/order/view'
import type { CurrentVisit, VisitDetail, VisitView, WaitingConfirmation } from '../../shared/visit/view'
import { atDoor, HOME, NEAR } from '../support/door'
import { newWorld, serveWorld } from '../support/world'

test('the day of a helper over HTTP: asked, accepted, begun, scanned, ended, confirmed, paid, returned', async () => {
  const world = await newWorld()
  const { ask } = await serveWorld(world)
  const { elder, helper, plate } = await atDoor(world, { homePoint: HOME })
  const staff = await world.staff('townStaff', world.places.town)
  const deviceAt = () => world.clock.now.toISOString()

  const orderId = randomUUID()
  const wanted = {
    id: orderId,
    elderId: elder.id,
    serviceId: world.service.id,
    wantedDay: '2026-11-22',
    wantedTime: 'any',
  }
  expect((await ask<OrderDetail>(elder, 'POST', '/orders', wanted)).status).toBe(201)
  const open = await ask<Page<OrderView>>(helper, 'GET', '/orders/open')
  expect(open.body.items).toMatchObject([{ id: orderId, elderName: '王*英' }])
  const accepted = await ask<OrderDetail>(helper, 'POST', `/orders/${orderId}/acceptance`, {})
  expect(accepted.body).toMatchObject({
    state: 'accepted',
    elderName: '王大娘',
    events: [{ kind: 'asked' }, { kind: 'accepted' }],
  })
  expect((await ask<TodayView>(helper, 'GET', '/orders/today')).body.orders).toMatchObject([
    { id: orderId, address: '北庄村12号' },
  ])
  expect((await ask(helper, 'GET', '/visits/current')).body).toEqual({ visit: null })

  const id = randomUUID()
  const begun = await ask<CurrentVisit>(helper, 'POST', '/visits', {
    id,
    code: plate.code,
    elderIds: [elder.id],
    serviceId: world.service.id,
    orderId,
    place: NEAR,
    deviceAt: deviceAt(),
  })
  expect([begun.status, begun.body.state, begun.body.orderId]).toEqual([201, 'inProgress', orderId])
  world.later(65 * 60)
  const scanned = await ask<CurrentVisit>(helper, 'POST', `/visits/${id}/scans`, {
    id: randomUUID(),
    code: plate.code,
    place: NEAR,
    deviceAt: deviceAt(),
  })
  expect(scanned.body.evidence).toHaveLength(2)
  const ended = await ask<VisitDetail>(helper, 'POST', `/visits/${id}/check-out`, {
    id: randomUUID(),
    tasksDone: ['扫地'],
    deviceAt: deviceAt(),
  })
  expect(ended.body).toMatchObject({
    state: 'finished',
    level: 2,
    expectedMilliPoints: '13000',
    pointsSentence: '等老人确认后到账',
  })
  expect((await ask<OrderDetail>(elder, 'GET', `/orders/${orderId}`)).body.state).toBe('done')

  const { waiting } = (await ask<{ waiting: WaitingConfirmation[] }>(elder, 'GET', '/confirmations')).body
  expect(waiting).toMatchObject([{ visitId: id, serviceName: '打扫卫生' }])
  const answer = { id: randomUUID(), elderId: elder.id, answer: 'yes', how: 'app' }
  expect((await ask<VisitDetail>(elder, 'POST', `/visits/${id}/confirmation`, answer)).body).toMatchObject({
    state: 'confirmed',
    awardedMilliPoints: '13000',
  })
  expect((await ask<Page<VisitView>>(helper, 'GET', '/visits/mine?limit=5')).body.items).toMatchObject([
    { id, pointsSentence: '已到账 13 分' },
  ])
  expect((await ask<Page<VisitView>>(elder, 'GET', `/visits/mine?elderId=${elder.id}`)).body.items).toMatchObject([
    { id, memberName: '张*' },
  ])
  expect((await ask(helper, 'GET', `/visits/mine?elderId=${elder.id}`)).status).toBe(404)

  expect((await ask<QueueCounts>(staff, 'GET', '/audit/counts')).body).toMatchObject({ waiting: 1, clean: 1 })
  expect((await ask<Page<VisitView>>(staff, 'GET', '/audit/queue?tab=clean')).body.items).toMatchObject([
    { id, whyNot: null },
  ])
  const decision = { id: randomUUID(), decision: 'return', visitIds: [id], reasonCode: 'notThisLong' }
  expect((await ask<Outcomes>(staff, 'POST', '/audit/decisions', decision)).body).toMatchObject({ done: 1, refused: 0 })
  expect((await ask<VisitDetail>(staff, 'GET', `/visits/${id}`)).body).toMatchObject({
    state: 'returned',
    pointsSentence: '社区没有通过：时间不实',
  })
  expect((await ask<Page<VisitView>>(staff, 'GET', '/visits?state=returned&from=2026-11-22')).body.items).toHaveLength(
    1,
  )
})

test('what people send wrongly is refused with its field', async () => {
  const world = await newWorld()
  const { ask } = await serveWorld(world)
  const { elder, helper, checkInBody } = await atDoor(world)
  const answers = [
    await ask(helper, 'POST', '/visits', checkInBody({ deviceAt: 'yesterday' })),
    await ask(helper, 'POST', '/visits', checkInBody({ elderIds: [] })),
    await ask(helper, 'POST', '/visits', checkInBody({ points: 1000 })),
    await ask(helper, 'POST', '/visits', checkInBody({ code: 'https://example.org' })),
    await ask(elder, 'POST', '/visits', checkInBody()),
    await ask(helper, 'GET', '/visits'),
    await ask(helper, 'GET', '/visits/not-an-id'),
    await ask(null, 'GET', '/visits/mine'),
  ]
  expect(
    answers.map(({ status, body }) => [status, (body as { code?: string }).code, (body as { field?: string }).field]),
  ).toEqual([
    [400, 'BAD_INPUT', 'deviceAt'],
    [400, 'ELDERS_NOT_TOGETHER', 'elderIds'],
    [400, 'UNKNOWN_KEY', undefined],
    [404, 'PLATE_UNKNOWN', 'code'],
    [403, 'NOT_ALLOWED', undefined],
    [403, 'NOT_ALLOWED', undefined],
    [404, 'NOT_FOUND', undefined],
    [401, 'NOT_LOGGED_IN', undefined],
  ])
})
