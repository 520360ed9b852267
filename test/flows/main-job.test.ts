import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { addFund } from '../support/funds'
import { newWorld, serveWorld } from '../support/world'

const HOME = { lat: 37.0651, lon: 122.0578 }
const place = { ...HOME, accuracyMetres: 12, datum: 'WGS-84' }

/** A village with a helper, an elder with a plate, a shop with eggs, and staff of each level. */
async function newVillage() {
  const world = await newWorld()
  const { ask } = await serveWorld(world)
  const helper = await world.member({ name: '张兰' })
  const elder = await world.elder({ name: '王秀英', homePoint: `${HOME.lat},${HOME.lon}` })
  const plate = await world.plate(elder.id)
  const admin = await world.staff('countyAdmin', world.places.county)
  const auditor = await world.staff('townAuditor', world.places.town)
  return { world, ask, helper, elder, plate, admin, auditor, serviceId: world.service.id }
}
type Village = Awaited<ReturnType<typeof newVillage>>

/** Scans in at 9:00 and out after `minutes`. */
async function serve(
  { world, ask, helper, elder, plate, serviceId }: Village,
  minutes: number,
  where: object | null = place,
) {
  const id = randomUUID()
  const spot = where === null ? {} : { place: where }
  const begun = await ask(helper.actor, 'POST', '/visits', {
    id,
    code: plate.code,
    elderIds: [elder.id],
    serviceId,
    ...spot,
    deviceAt: world.clock.now.toISOString(),
  })
  expect(begun.status, JSON.stringify(begun.body)).toBe(201)
  world.later(minutes * 60)
  const ended = await ask<{ pointsSentence: string; level: number; explanation: { formula: string } }>(
    helper.actor,
    'POST',
    `/visits/${id}/check-out`,
    { id: randomUUID(), code: plate.code, ...spot, tasksDone: ['扫地'], deviceAt: world.clock.now.toISOString() },
  )
  expect(ended.status, JSON.stringify(ended.body)).toBe(200)
  return { id, ended: ended.body }
}
const answer = ({ ask, elder }: Village, visitId: string, word: 'yes' | 'no') =>
  ask<{ state: string }>(elder.actor, 'POST', `/visits/${visitId}/confirmation`, {
    id: randomUUID(),
    elderId: elder.id,
    answer: word,
    how: 'app',
  })
const pointsOf = async ({ ask, helper }: Village) =>
  (await ask<{ account: { availableMilliPoints: string } | null }>(helper.actor, 'GET', '/points/mine')).body.account
    ?.availableMilliPoints ?? '0'

test('a day of the time bank over HTTP: ask, accept, scan, serve, confirm, points, audit, redeem, and the requirement is met', async () => {
  const village = await newVillage()
  const { world, ask, helper, elder, plate, admin, auditor, serviceId } = village
  await world.db.requirement.create({
    data: {
      id: randomUUID(),
      regionId: world.places.county.id,
      regionPath: world.places.county.path,
      category: 'livingAlone',
      interval: 'month',
      channels: 'inPerson',
      minSeconds: 900,
      validFrom: '2026-01-01',
      validTo: null,
    },
  })

  const orderId = randomUUID()
  expect(
    (
      await ask(elder.actor, 'POST', '/orders', {
        id: orderId,
        elderId: elder.id,
        serviceId,
        wantedDay: '2026-11-22',
        wantedTime: 'morning',
      })
    ).status,
  ).toBe(201)
  expect(
    (await ask<{ items: { id: string }[] }>(helper.actor, 'GET', '/orders/open')).body.items.map((one) => one.id),
  ).toContain(orderId)
  expect((await ask(helper.actor, 'POST', `/orders/${orderId}/acceptance`, {})).status).toBe(200)
  const today = await ask<{ orders: { id: string }[] }>(helper.actor, 'GET', '/orders/today')
  expect(today.status, JSON.stringify(today.body)).toBe(200)
  expect(today.body.orders.map((one) => one.id)).toEqual([orderId])

  const scan = await ask<{ kind: string; orderId: string; elders: { id: string; whyNot: null }[] }>(
    helper.actor,
    'POST',
    '/scans',
    { code: plate.code },
  )
  expect(scan.body).toMatchObject({ kind: 'door', orderId, elders: [{ id: elder.id, whyNot: null }] })

  const id = randomUUID()
  const begin = {
    id,
    code: plate.code,
    elderIds: [elder.id],
    serviceId,
    orderId,
    place,
    deviceAt: world.clock.now.toISOString(),
  }
  expect((await ask(helper.actor, 'POST', '/visits', begin)).status).toBe(201)
  world.later(65 * 60)
  const ended = await ask<{ level: number; expectedMilliPoints: string; explanation: { formula: string } }>(
    helper.actor,
    'POST',
    `/visits/${id}/check-out`,
    { id: randomUUID(), code: plate.code, place, tasksDone: [], deviceAt: world.clock.now.toISOString() },
  )
  expect(ended.body).toMatchObject({ level: 2, expectedMilliPoints: '13000' })
  expect(ended.body.explanation.formula).toContain('65')
  expect(await pointsOf(village)).toBe('0')
  expect((await ask<{ state: string }>(elder.actor, 'GET', `/orders/${orderId}`)).body.state).toBe('done')

  const waiting = await ask<{ waiting: { visitId: string }[] }>(elder.actor, 'GET', '/confirmations')
  expect(waiting.body.waiting.map((one) => one.visitId)).toEqual([id])
  expect((await answer(village, id, 'yes')).body.state).toBe('confirmed')
  expect(await pointsOf(village)).toBe('13000')

  const queue = await ask<{ items: { id: string; whyNot: null }[] }>(auditor, 'GET', '/audit/queue?tab=clean')
  expect(queue.body.items).toMatchObject([{ id, whyNot: null }])
  const decided = await ask<{ done: number }>(auditor, 'POST', '/audit/decisions', {
    id: randomUUID(),
    decision: 'approve',
    visitIds: [id],
    reasonCode: 'allGood',
  })
  expect(decided.body.done).toBe(1)
  expect(await pointsOf(village)).toBe('13000')

  const coverage = await ask<{ total: { due: number; visited: number; coveragePercent: string } }>(
    auditor,
    'GET',
    `/coverage?month=2026-11&regionId=${world.places.village.id}`,
  )
  expect(coverage.body.total).toMatchObject({ due: 1, visited: 1, coveragePercent: '100.0' })
  const hours = await ask<{ rows: object[] }>(
    auditor,
    'GET',
    `/hours?month=2026-11&regionId=${world.places.village.id}`,
  )
  expect(hours.body.rows).toMatchObject([
    { elderId: elder.id, requiredVisits: 1, validVisits: 1, missingVisits: 0, validSeconds: 3900, returnedSeconds: 0 },
  ])

  await addFund(world)
  const pointId = randomUUID()
  const productId = randomUUID()
  await ask(admin, 'POST', '/redemption-points', {
    id: pointId,
    regionId: world.places.village.id,
    name: '幸福餐桌',
    address: '村委会旁',
    phone: '0631-8000000',
    openingHours: '8:00–17:00',
    active: true,
  })
  await ask(admin, 'POST', '/products', {
    id: productId,
    regionId: world.places.county.id,
    name: '午餐',
    icon: 'meal',
    kind: 'meal',
    description: '两菜一汤',
    priceMilliPoints: '12000',
    costFen: 1000,
    holdHours: 24,
    active: true,
  })
  await ask(admin, 'POST', `/products/${productId}/stock`, { id: randomUUID(), pointId, change: 1 })
  const counter = await world.staff('redemptionPoint', world.places.village, { redemptionPointId: pointId })
  const redemptionId = randomUUID()
  const held = await ask<{ code: string; state: string }>(helper.actor, 'POST', '/redemptions', {
    id: redemptionId,
    productId,
    pointId,
  })
  expect(held.body.state, JSON.stringify(held.body)).toBe('held')
  expect(await pointsOf(village)).toBe('1000')
  const seen = await ask<{ whyNot: null; redemption: { productName: string } }>(
    counter,
    'POST',
    '/redemptions/look-ups',
    { code: held.body.code },
  )
  expect(seen.body).toMatchObject({ whyNot: null, redemption: { productName: '午餐' } })
  expect(
    (
      await ask<{ state: string }>(counter, 'POST', `/redemptions/${redemptionId}/fulfilment`, {
        id: randomUUID(),
        pointId,
      })
    ).body.state,
  ).toBe('fulfilled')
  const again = await ask<{ whyNot: string; redemption: { resolvedAt: string; pointName: string } }>(
    counter,
    'POST',
    '/redemptions/look-ups',
    { code: held.body.code },
  )
  expect(again.body).toMatchObject({
    whyNot: 'REDEMPTION_FULFILLED',
    redemption: { pointName: '幸福餐桌', resolvedAt: world.clock.now.toISOString() },
  })
  expect(await pointsOf(village)).toBe('1000')
})

test('the same request twice changes nothing, another one under the same id is refused', async () => {
  const village = await newVillage()
  const { world, ask, helper, elder, plate, serviceId } = village
  const body = {
    id: randomUUID(),
    code: plate.code,
    elderIds: [elder.id],
    serviceId,
    deviceAt: world.clock.now.toISOString(),
  }
  const first = await ask<{ id: string }>(helper.actor, 'POST', '/visits', body)
  const second = await ask<{ id: string }>(helper.actor, 'POST', '/visits', body)
  expect([first.status, second.status, second.body.id]).toEqual([201, 201, body.id])
  expect(
    (await ask<{ code: string }>(helper.actor, 'POST', '/visits', { ...body, elderIds: [randomUUID()] })).body.code,
  ).toBe('IDEMPOTENCY_CONFLICT')
  expect(await world.db.visit.count()).toBe(1)
})

test('a double tap makes one visit and pays it once', async () => {
  const village = await newVillage()
  const { world, ask, helper, elder, plate, serviceId } = village
  const body = {
    id: randomUUID(),
    code: plate.code,
    elderIds: [elder.id],
    serviceId,
    place,
    deviceAt: world.clock.now.toISOString(),
  }
  const taps = await Promise.all([1, 2, 3].map(() => ask(helper.actor, 'POST', '/visits', body)))
  expect(taps.map((one) => one.status)).toEqual([201, 201, 201])
  world.later(3600)
  const out = { id: randomUUID(), code: plate.code, place, tasksDone: [], deviceAt: world.clock.now.toISOString() }
  await Promise.all([1, 2, 3].map(() => ask(helper.actor, 'POST', `/visits/${body.id}/check-out`, out)))
  const yes = { id: randomUUID(), elderId: elder.id, answer: 'yes', how: 'app' }
  await Promise.all([1, 2, 3].map(() => ask(elder.actor, 'POST', `/visits/${body.id}/confirmation`, yes)))
  expect(await pointsOf(village)).toBe('12000')
  expect(await world.db.ledgerTransaction.count({ where: { kind: 'EARN' } })).toBe(1)
})

test('nobody came: no points, a red exception, and only an auditor settles it alone', async () => {
  const village = await newVillage()
  const { ask, auditor, world } = village
  const { id } = await serve(village, 60)
  expect((await answer(village, id, 'no')).body.state).toBe('disputed')
  expect(await pointsOf(village)).toBe('0')
  const townStaff = await world.staff('townStaff', world.places.town)
  const refused = await ask<{ outcomes: { code: string }[] }>(townStaff, 'POST', '/audit/decisions', {
    id: randomUUID(),
    decision: 'approve',
    visitIds: [id],
    reasonCode: 'allGood',
  })
  expect(refused.body.outcomes[0]?.code).toBe('AUDIT_RED_POWER')
  const returned = await ask<{ done: number }>(auditor, 'POST', '/audit/decisions', {
    id: randomUUID(),
    decision: 'return',
    visitIds: [id],
    reasonCode: 'nobodyCame',
  })
  expect(returned.body.done).toBe(1)
  expect(await pointsOf(village)).toBe('0')
})

test('the elder who pressed wrong may correct it for a day: points that were paid are taken back', async () => {
  const village = await newVillage()
  const { id } = await serve(village, 60)
  await answer(village, id, 'yes')
  expect(await pointsOf(village)).toBe('12000')
  village.world.later(23 * 3600)
  expect((await answer(village, id, 'no')).body.state).toBe('disputed')
  expect(await pointsOf(village)).toBe('0')
})

test('a visit returned by the auditor after it was paid is reversed exactly, and the books stay right', async () => {
  const village = await newVillage()
  const { ask, auditor, world } = village
  const { id } = await serve(village, 60)
  await answer(village, id, 'yes')
  await ask(auditor, 'POST', '/audit/decisions', {
    id: randomUUID(),
    decision: 'return',
    visitIds: [id],
    reasonCode: 'notThisLong',
  })
  expect(await pointsOf(village)).toBe('0')
  const { auditLedger } = await import('../../server/ledger/audit')
  expect((await auditLedger(world.db)).problem).toBeNull()
})

test('without location the plate alone proves less: the elder’s yes isn’t enough, the audit pays', async () => {
  const village = await newVillage()
  const { ask, auditor } = village
  const { id, ended } = await serve(village, 60, null)
  expect(ended.level).toBe(1)
  await answer(village, id, 'yes')
  expect(await pointsOf(village)).toBe('0')
  await ask(auditor, 'POST', '/audit/decisions', {
    id: randomUUID(),
    decision: 'approve',
    visitIds: [id],
    reasonCode: 'calledBack',
  })
  expect(await pointsOf(village)).toBe('12000')
})
