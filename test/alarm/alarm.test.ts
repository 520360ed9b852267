import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { closeAlarm, escalateAlarms, openAlarm, takeAlarm } from '../../server/alarm/alarm'
import { listAlarms } from '../../server/alarm/list'
import type { Actor } from '../../server/core/actor'
import { refusalOf } from '../support/door'
import { newWorld, type World } from '../support/world'

let world: World
let village: Actor
let town: Actor
let county: Actor
beforeAll(async () => {
  world = await newWorld()
  village = await world.staff('villageStaff')
  town = await world.staff('townStaff', world.places.town)
  county = await world.staff('countyAdmin', world.places.county)
})

const open = async (actor: Actor = village, id: string = randomUUID()) => {
  const elder = await world.elder()
  await openAlarm(world.db, actor, { id, elderId: elder.id, words: '摔倒了，起不来' }, world.clock.now)
  return { id, elder }
}
const toldAbout = async (actor: Actor, id: string) =>
  world.db.notice.count({ where: { personId: actor.personId, dedupeKey: { startsWith: `alarm|${id}` } } })
const levelOf = async (id: string) => (await world.db.alarm.findUniqueOrThrow({ where: { id } })).level

test('an alarm has a deadline and goes up from the village to the town to the county until somebody sees to it', async () => {
  const { id, elder } = await open()
  expect([await toldAbout(village, id), await toldAbout(town, id)]).toEqual([1, 0])
  expect(await world.db.elderEvent.count({ where: { elderId: elder.id, kind: 'alarm' } })).toBe(1)
  expect(await escalateAlarms(world.db, world.clock.now)).toBe(0)
  world.later(30 * 60)
  expect(await escalateAlarms(world.db, world.clock.now)).toBe(1)
  expect([await levelOf(id), await toldAbout(town, id)]).toEqual(['town', 1])
  expect(await escalateAlarms(world.db, world.clock.now)).toBe(0)
  world.later(30 * 60)
  await escalateAlarms(world.db, world.clock.now)
  expect([await levelOf(id), await toldAbout(county, id)]).toEqual(['county', 1])
  world.later(30 * 60)
  await escalateAlarms(world.db, world.clock.now)
  expect([await levelOf(id), await toldAbout(county, id)]).toEqual(['county', 2])
  await closeAlarm(world.db, town, id, { id: randomUUID(), outcome: '送到卫生室了' }, world.clock.now)
  world.later(3600)
  expect(await escalateAlarms(world.db, world.clock.now)).toBe(0)
})

test('who goes gets time for it, once, and what is closed stays closed', async () => {
  const { id } = await open()
  const take = (actor: Actor) => takeAlarm(world.db, actor, id, { id: randomUUID() }, world.clock.now)
  const close = () => closeAlarm(world.db, village, id, { id: randomUUID(), outcome: '没事了' }, world.clock.now)
  world.later(20 * 60)
  await take(village)
  expect(await refusalOf(take(town))).toBe('ALARM_STATE')
  world.later(20 * 60)
  expect(await escalateAlarms(world.db, world.clock.now)).toBe(0)
  await close()
  expect(await refusalOf(close())).toBe('ALARM_STATE')
})

test('is opened by staff of the elder’s place, once however often it is sent, and shown there', async () => {
  const id = randomUUID()
  const elder = await world.elder()
  const send = (actor: Actor) => openAlarm(world.db, actor, { id, elderId: elder.id, words: '胸闷' }, world.clock.now)
  expect(await refusalOf(send(await world.staff('villageStaff', world.places.village2)))).toBe('NOT_FOUND')
  await send(village)
  await send(village)
  expect(await world.db.alarm.count({ where: { elderId: elder.id } })).toBe(1)
  const list = async (actor: Actor) =>
    (await listAlarms(world.db, world.keys, actor, { state: 'open', limit: 50 }, world.clock.now)).items
  expect((await list(town)).find((one) => one.id === id)).toMatchObject({
    elderName: '王*英',
    words: '胸闷',
    isOverdue: false,
  })
  expect(await list(await world.staff('townStaff', world.places.town2))).toEqual([])
})
