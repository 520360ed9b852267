import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Actor } from '../../server/core/actor'
import { rateVisit, ratingsOf } from '../../server/visit/rate'
import type { Face } from '../../shared/visit/rating'
import { atDoor, refusalOf } from '../support/door'
import { newWorld } from '../support/world'

test('the elder gives one of three faces once, who acts for the elder another, and the two stay apart', async () => {
  const world = await newWorld()
  const { db, clock } = world
  const { elder, helper, served, answer } = await atDoor(world)
  const proxy = await world.proxy(elder.id)
  const rate = (visitId: string, by: Actor, face: Face, id = randomUUID()) =>
    rateVisit(db, by, visitId, { id, elderId: elder.id, face }, clock.now)
  const visitId = await served(60)
  expect(await refusalOf(rate(visitId, elder.actor, 3))).toBe('RATE_FIRST_CONFIRM')
  await answer(visitId, 'yes')
  const once = randomUUID()
  await Promise.all([rate(visitId, elder.actor, 3, once), rate(visitId, elder.actor, 3, once)])
  expect(await refusalOf(rate(visitId, elder.actor, 1))).toBe('RATE_GIVEN')
  await rate(visitId, proxy, 1)
  expect((await ratingsOf(db, [helper.id]))(helper.id)).toEqual({
    elder: { good: 1, fair: 0, bad: 0 },
    proxy: { good: 0, fair: 0, bad: 1 },
    calls: { times: 0, milliAverage: null },
  })
  // who wasn't content is rung
  expect(await db.callDraw.findUnique({ where: { visitId } })).toMatchObject({ reason: 'rating', closedAt: null })
  const stranger = await world.elder()
  expect(await refusalOf(rate(visitId, stranger.actor, 3))).toBe('NOT_FOUND')
  expect(await refusalOf(rate(visitId, helper.actor, 3))).toBe('CONFIRM_OWN')
  await expect(db.visitRating.updateMany({ data: { face: 3 } })).rejects.toMatchObject({ code: 'P2003' })

  world.later(3600)
  const denied = await served(60)
  await answer(denied, 'no')
  expect(await refusalOf(rate(denied, elder.actor, 1))).toBe('RATE_DISPUTED')
  world.later(31 * 86_400)
  expect(await refusalOf(rate(visitId, await world.actorOf(elder.personId), 3))).toBe('RATE_TOO_LATE')
})
