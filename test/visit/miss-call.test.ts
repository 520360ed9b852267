import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { missCall } from '../../server/visit/miss-call'
import type { WaitingConfirmation } from '../../shared/visit/view'
import { atDoor, refusalOf } from '../support/door'
import { newWorld, serveWorld } from '../support/world'

test('a call nobody picked up is known to whoever rings next, once however often it was sent, and changes nothing', async () => {
  const world = await newWorld()
  const { ask } = await serveWorld(world)
  const { elder, served, visitOf } = await atDoor(world, { ownPhone: false })
  const visitId = await served(20)
  const staff = await world.staff('villageStaff')
  const colleague = await world.staff('townStaff', world.places.town)
  const waiting = async () =>
    (await ask<{ waiting: WaitingConfirmation[] }>(colleague, 'GET', '/confirmations/desk')).body.waiting[0]
  expect(await waiting()).toMatchObject({ missedCallAt: null, missedCalls: 0 })

  const first = { id: randomUUID(), elderId: elder.id }
  await ask(staff, 'POST', `/visits/${visitId}/missed-calls`, first)
  await ask(staff, 'POST', `/visits/${visitId}/missed-calls`, first)
  expect(await waiting()).toMatchObject({ missedCalls: 1 })
  world.later(3600)
  await ask(staff, 'POST', `/visits/${visitId}/missed-calls`, { ...first, id: randomUUID() })
  expect(await waiting()).toMatchObject({ missedCalls: 2, missedCallAt: world.clock.now.toISOString() })
  expect(await visitOf(visitId)).toMatchObject({ state: 'finished', confirmations: [] })
})

test('only staff of the place write down a missed call, and nobody about a visit of their own', async () => {
  const world = await newWorld()
  const { elder, helper, served } = await atDoor(world)
  const visitId = await served(20)
  const input = () => ({ id: randomUUID(), elderId: elder.id })
  const by = (actor: typeof helper.actor) => refusalOf(missCall(world.db, actor, visitId, input(), world.clock.now))
  expect(await by(await world.staff('villageStaff', world.places.village2))).toBe('NOT_FOUND')
  expect(await by(elder.actor)).toBe('NOT_ALLOWED')
  expect(await by(await world.staff('villageStaff', world.places.village, { personId: helper.personId }))).toBe(
    'CONFIRM_OWN',
  )
})
