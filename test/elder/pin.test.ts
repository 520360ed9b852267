import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../../server/core/actor'
import { readPin, setPin } from '../../server/elder/pin'
import { confirmByPin, pinElders } from '../../server/visit/confirm-by-pin'
import { whyNotPin } from '../../shared/elder/rules'
import { atDoor, HOME, refusalOf } from '../support/door'
import { newWorld, type World } from '../support/world'

let world: World
beforeAll(async () => {
  world = await newWorld()
})

async function withPin(pin = '2580') {
  const door = await atDoor(world, { homePoint: HOME, ownPhone: false })
  const staff = await world.staff('villageStaff')
  const set = (by: Actor, digits: string) =>
    setPin(world.db, world.keys, by, door.elder.id, { id: randomUUID(), pin: digits }, world.clock.now)
  await set(staff, pin)
  const confirm = (visitId: string, digits: string, more: { code?: string; by?: Actor; id?: string } = {}) =>
    confirmByPin(
      world.db,
      world.keys,
      more.by ?? door.helper.actor,
      visitId,
      { id: more.id ?? randomUUID(), elderId: door.elder.id, code: more.code ?? door.plate.code, pin: digits },
      world.clock.now,
    )
  return { ...door, staff, set, confirm }
}

describe('a PIN of the elder', () => {
  test('confirms on the helper’s phone: the elder answers, and both are named', async () => {
    const { elder, helper, served, confirm, visitOf, pointsOf } = await withPin()
    const visitId = await served(20)
    const id = randomUUID()
    await confirm(visitId, '2580', { id })
    await confirm(visitId, '2580', { id })
    expect(await visitOf(visitId)).toMatchObject({
      state: 'confirmed',
      confirmations: [{ answer: 'yes', how: 'pin', byPersonId: elder.personId }],
    })
    expect(await pointsOf()).toBe(4000n)
    const [log] = await world.db.operationLog.findMany({ where: { resourceId: visitId, action: 'confirmByPin' } })
    expect(log?.personId).toBe(helper.personId)
  })

  test('is locked by wrong tries, however many come at once, and set anew by staff it opens again', async () => {
    const { elder, helper, served, confirm, set, staff } = await withPin()
    const visitId = await served(20)
    const tries = await Promise.all(Array.from({ length: 9 }, () => refusalOf(confirm(visitId, '1357'))))
    expect(tries.filter((code) => code === 'PIN_WRONG')).toHaveLength(5)
    expect(tries.filter((code) => code === 'PIN_LOCKED')).toHaveLength(4)
    expect(await refusalOf(confirm(visitId, '2580'))).toBe('PIN_LOCKED')
    expect((await pinElders(world.db, world.keys, helper.actor, visitId, world.clock.now)).elders).toMatchObject([
      { id: elder.id, state: 'locked' },
    ])
    expect(await readPin(world.db, staff, elder.id, world.clock.now)).toMatchObject({ isSet: true, how: 'paper' })
    await set(staff, '1470')
    expect(await refusalOf(confirm(visitId, '2580'))).toBe('PIN_WRONG')
    expect(await refusalOf(confirm(visitId, '1470'))).toBeNull()
  })

  test('opens by itself when the time is over, and a right try sets the count back', async () => {
    const { served, confirm } = await withPin()
    const visitId = await served(20)
    for (let at = 0; at < 5; at++) await refusalOf(confirm(visitId, '1357'))
    world.later(3601)
    for (let at = 0; at < 4; at++) expect(await refusalOf(confirm(visitId, '1357'))).toBe('PIN_WRONG')
    expect(await refusalOf(confirm(visitId, '2580'))).toBeNull()
  })

  test('works with the elder’s own card or door only, for the helper of this visit only', async () => {
    const { served, confirm } = await withPin()
    const other = await atDoor(world)
    const visitId = await served(20)
    expect(await refusalOf(confirm(visitId, '2580', { code: other.plate.code }))).toBe('PLATE_KIND')
    expect(await refusalOf(confirm(visitId, '2580', { code: 'https://example.org' }))).toBe('PLATE_UNKNOWN')
    expect(await refusalOf(confirm(visitId, '2580', { by: other.helper.actor }))).toBe('NOT_FOUND')
  })

  test('that the helper set, as proxy or as staff, confirms nothing the helper did', async () => {
    const { elder, helper, served, confirm, set } = await withPin()
    const visitId = await served(20)
    const both = await world.proxy(elder.id, { personId: helper.personId })
    await set(both, '1470')
    expect(await refusalOf(confirm(visitId, '1470'))).toBe('PIN_BY_HELPER')
  })

  test('is set by the elder, who may confirm for the elder, or staff of the place, and not as 1234', async () => {
    const { elder, helper, set } = await withPin()
    const proxy = await world.proxy(elder.id, { scopes: 'ask' })
    expect(await refusalOf(set(elder.actor, '1470'))).toBeNull()
    expect(await refusalOf(set(proxy, '1470'))).toBe('NOT_FOUND')
    expect(await refusalOf(set(helper.actor, '1470'))).toBe('NOT_FOUND')
    expect(await refusalOf(set(await world.staff('villageStaff', world.places.village2), '1470'))).toBe('NOT_FOUND')
    expect(await refusalOf(set(elder.actor, '1234'))).toBe('PIN_WEAK')
    expect(['0000', '9999', '4321', '6789'].map(whyNotPin)).toEqual(Array(4).fill('PIN_WEAK'))
    expect(['2580', '1357', '1122', '9012'].map(whyNotPin)).toEqual(Array(4).fill(null))
  })

  test('is kept as a slow hash that the table alone can’t be tried against', async () => {
    const { elder } = await withPin('2581')
    const { hash } = await world.db.elderPin.findUniqueOrThrow({ where: { elderId: elder.id } })
    expect(hash).toMatch(/^\$argon2id\$/)
    const { verify } = await import('@node-rs/argon2')
    expect(await verify(hash, '2581')).toBe(false)
  })
})
