import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { readInput } from '../../server/core/input'
import { checkIn } from '../../server/visit/check-in'
import { checkInBody, type QueueEvent } from '../../shared/queue/input'
import { newSeed, times } from '../support/long'
import { newOfflinePhone } from '../support/offline-phone'
import { newWorld } from '../support/world'

/** The same dice every time. */
function newDice(seed: number) {
  let state = seed
  const roll = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return { chance: (share: number) => roll() < share, below: (most: number) => Math.floor(roll() * most) }
}

test('however requests are dropped, doubled, overtake each other and are broken off, every action counts once', async () => {
  const actions = times(60, 500)
  const world = await newWorld()
  const { db, keys, later, service } = world
  const helper = await world.member()
  const elders = await Promise.all([world.elder(), world.elder({ name: '李桂兰' }), world.elder({ name: '于守田' })])
  const plates = await Promise.all(elders.map(({ id }) => world.plate(id)))
  const phone = await newOfflinePhone(world, helper.actor)
  const seed = newSeed()
  const dice = newDice(seed)
  const answered = new Map<string, string>()
  const sentBefore: QueueEvent[][] = []
  let begun: string | null = null

  const waiting = () => phone.events.filter(({ id }) => !answered.has(id))
  /** One request of the phone: it may not arrive, or its answer not come back. */
  async function tryUpload(events: QueueEvent[], arrives: boolean, isAnswered: boolean) {
    if (!arrives || events.length === 0) return
    const { answers } = await phone.send(events)
    sentBefore.push(events)
    for (const { id, outcome, code } of isAnswered ? answers : [])
      if (outcome !== 'gap')
        expect(answered.get(id) ?? outcome, `${code} MULIN_SEED=${seed}`).toBe(answered.set(id, outcome).get(id))
  }

  for (let no = 0; no < actions; no++) {
    later(60 * (16 + dice.below(40)))
    if (begun === null) {
      const at = dice.below(plates.length)
      const body = {
        code: plates[at]?.code as string,
        elderIds: JSON.stringify([elders[at]?.id]),
        serviceId: service.id,
      }
      const id = randomUUID()
      // the request arrived over the network, the server broke off before the answer: the phone keeps it under the same id
      if (dice.chance(0.2)) {
        const { place: _, ...asked } = readInput(checkInBody, body)
        const input = { ...asked, elderIds: [elders[at]?.id as string], serviceId: service.id }
        await checkIn(
          db,
          keys,
          helper.actor,
          { ...input, id, deviceAt: world.clock.now.toISOString() },
          world.clock.now,
        )
      }
      begun = phone.press('checkIn', body, id).id
    } else {
      phone.press('checkOut', { visitId: begun, tasksDone: '[]' })
      begun = null
    }
    if (dice.chance(0.5)) await tryUpload(waiting().slice(0, 50), dice.chance(0.7), dice.chance(0.7))
    // what comes late overtakes: only the newest, or all of it backwards, or an old request once more
    if (dice.chance(0.15)) await tryUpload(waiting().slice(-1), true, true)
    if (dice.chance(0.15)) await tryUpload(waiting().slice(0, 50).reverse(), true, dice.chance(0.5))
    const old = sentBefore[dice.below(Math.max(1, sentBefore.length))]
    if (old !== undefined && dice.chance(0.15)) await tryUpload(old, true, true)
    if (old !== undefined && dice.chance(0.1))
      await Promise.all([tryUpload(waiting().slice(0, 50), true, true), tryUpload(old, true, true)])
  }
  if (begun !== null) {
    later(1800)
    phone.press('checkOut', { visitId: begun, tasksDone: '[]' })
  }
  while (waiting().length > 0) await tryUpload(waiting().slice(0, 50), true, true)

  const made = phone.events.length
  expect(
    [...answered.values()].filter((outcome) => outcome !== 'done'),
    `MULIN_SEED=${seed}`,
  ).toEqual([])
  expect([answered.size, await db.queueEvent.count()], `MULIN_SEED=${seed}`).toEqual([made, made])
  const visits = await db.visit.findMany({ include: { evidence: true } })
  expect(visits).toHaveLength(made / 2)
  expect(visits.filter(({ state }) => state !== 'finished')).toEqual([])
  expect(visits.filter(({ evidence }) => evidence.length !== 2)).toEqual([])
  const served = phone.events
    .filter(({ kind }) => kind === 'checkIn')
    .reduce((sum, event) => {
      const end = phone.events.find(({ body }) => body.visitId === event.id) as QueueEvent
      return sum + (Date.parse(end.wallAt) - Date.parse(event.wallAt)) / 1000
    }, 0)
  expect(visits.reduce((sum, { servedSeconds }) => sum + (servedSeconds ?? 0), 0)).toBe(served)
}, 600_000)
