import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { remindAgreements } from '../../server/pairing/remind'
import { planOf } from '../../server/requirement/plan'
import { instantOf } from '../../shared/core/time'
import type { TodayView } from '../../shared/order/view'
import type { MyPairings, PairingView } from '../../shared/pairing/view'
import { newWorld, serveWorld } from '../support/world'

async function paired() {
  const world = await newWorld()
  const { ask } = await serveWorld(world)
  const staff = await world.staff('villageStaff')
  const [helper, elder] = [await world.member({ name: '李国强' }), await world.elder()]
  const body = { id: randomUUID(), elderId: elder.id, memberId: helper.id, sinceDay: '2026-11-01' }
  const made = await ask<PairingView>(staff, 'POST', '/pairings', body)
  return { world, ask, staff, helper, elder, body, made }
}

test('a helper is paired with an elder once, however often it is sent, and parts with a reason', async () => {
  const { ask, staff, helper, elder, body, made } = await paired()
  expect(made.status).toBe(201)
  expect(made.body).toMatchObject({ elderName: '王*英', agreeBy: '2026-12-01', isLate: false, agreedDay: null })
  expect((await ask(staff, 'POST', '/pairings', body)).status).toBe(201)
  const twin = await ask<{ code: string }>(staff, 'POST', '/pairings', { ...body, id: randomUUID() })
  expect([twin.status, twin.body.code]).toEqual([409, 'PAIR_OPEN'])

  const { id } = made.body
  const early = await ask<{ code: string }>(staff, 'POST', `/pairings/${id}/ending`, {
    ...{ endedDay: '2026-10-31', reason: '搬走了' },
  })
  expect(early.body.code).toBe('DATE_ORDER')
  const ended = await ask<PairingView>(staff, 'POST', `/pairings/${id}/ending`, {
    ...{ endedDay: '2026-11-20', reason: '搬走了' },
  })
  expect(ended.body).toMatchObject({ endedDay: '2026-11-20', endReason: '搬走了' })
  const late = await ask<{ code: string }>(staff, 'POST', `/pairings/${id}/agreement`, { agreedDay: '2026-11-20' })
  expect(late.body.code).toBe('PAIR_ENDED')
  const again = await ask(staff, 'POST', '/pairings', { ...body, id: randomUUID(), sinceDay: '2026-11-21' })
  expect(again.status).toBe(201)
  const list = await ask<{ items: PairingView[] }>(staff, 'GET', `/pairings?elderId=${elder.id}&state=ended`)
  expect(list.body.items.map((one) => one.memberId)).toEqual([helper.id])
})

test('nobody is paired with himself, with who was suspended, or with somebody of another county', async () => {
  const world = await newWorld()
  const { ask } = await serveWorld(world)
  const staff = await world.staff('countyAdmin', world.places.county)
  const elder = await world.elder()
  const self = await world.member({ personId: elder.personId })
  const away = await world.member({ state: 'suspended' })
  const stranger = await world.member({ place: world.places.otherVillage })
  const codeFor = async (memberId: string) => {
    const body = { id: randomUUID(), elderId: elder.id, memberId, sinceDay: '2026-11-01' }
    return (await ask<{ code: string }>(staff, 'POST', '/pairings', body)).body.code
  }
  expect([await codeFor(self.id), await codeFor(away.id), await codeFor(stranger.id)]).toEqual([
    ...['PAIR_SELF', 'PAIR_MEMBER', 'NOT_FOUND'],
  ])
})

test('the helper sees whom he promised to look after, and the plan sends him first', async () => {
  const { world, ask, helper, elder } = await paired()
  const { db, keys, places, clock } = world
  const other = await world.member({ name: '赵敏' })
  await db.requirement.create({
    data: {
      ...{ id: randomUUID(), regionId: places.county.id, regionPath: places.county.path, category: 'livingAlone' },
      ...{ interval: 'month', channels: 'inPerson', minSeconds: 0, validFrom: '2026-01-01' },
    },
  })
  const { rows } = await planOf(db, keys, places.town, clock.now)
  expect(rows.map((one) => one.helper)).toEqual([
    { memberId: helper.id, maskedName: '李*强', why: 'paired', kilometres: null },
  ])
  const mine = await ask<MyPairings>(helper.actor, 'GET', '/pairings/mine')
  expect(mine.body).toMatchObject([
    { elderId: elder.id, owedSentence: '本月还差 1 次', agreementSentence: '协议 12 月 1 日前签' },
  ])
  const today = await ask<TodayView>(helper.actor, 'GET', '/orders/today')
  expect([today.body.paired, today.body.due.map((one) => one.paired)]).toEqual([1, [true]])
  const others = await ask<TodayView>(other.actor, 'GET', '/orders/today')
  expect([others.body.paired, others.body.due.map((one) => one.paired)]).toEqual([0, [false]])
})

test('a month later without a written agreement the desk and the helper are told, once, and not a minute before midnight', async () => {
  const { world, staff, helper } = await paired()
  const { db } = world
  const told = () => db.notice.findMany({ where: { kind: 'agreementDue' }, orderBy: { personId: 'asc' } })
  expect(await remindAgreements(db, instantOf('2026-11-30', '23:59'))).toBe(0)
  expect(await told()).toEqual([])
  expect(await remindAgreements(db, instantOf('2026-12-01', '00:00'))).toBe(1)
  expect(await remindAgreements(db, instantOf('2026-12-02', '07:30'))).toBe(0)
  expect((await told()).map((one) => one.personId).sort()).toEqual([staff.personId, helper.personId].sort())
})

test('a pair that signed in time is never reminded', async () => {
  const { world, ask, staff, made } = await paired()
  const path = `/pairings/${made.body.id}/agreement`
  const signed = await ask<PairingView>(staff, 'POST', path, { agreedDay: '2026-11-10', agreementNo: '结对-7' })
  expect(signed.body).toMatchObject({ agreedDay: '2026-11-10', agreementNo: '结对-7', isLate: false })
  expect(await remindAgreements(world.db, instantOf('2027-03-01', '08:00'))).toBe(0)
})
