import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { ROUTES } from '../../server/app'
import { delegate, endDelegation } from '../../server/member/delegate'
import { addStaff, endStaff } from '../../server/member/staff'
import { resetLogin, setAccess, signOutStaff } from '../../server/session/accounts'
import { newAuthenticate } from '../../server/session/authenticate'
import { newDeskCode } from '../../server/session/desk'
import { refreshSession } from '../../server/session/refresh'
import { startSession } from '../../server/session/start'
import { addDays, addSeconds } from '../../shared/core/time'
import { APART, DUTIES, PERMISSIONS, type Permission, PROVED_ANEW } from '../../shared/session/permissions'
import type { Role } from '../../shared/session/view'
import { refusal } from '../support/refusal'
import { newWorld, serveWorld, TODAY, type World } from '../support/world'

const WHY = { reason: '手机丢了' }
const postOf = (world: World, personId: string) => world.db.staffRole.findFirstOrThrow({ where: { personId } })

/** Everything one may do to the account or post of another, by name. */
function actsOn(world: World, actor: Awaited<ReturnType<World['staff']>>, staffId: string) {
  const { db, clock } = world
  return {
    'turns off': () => setAccess(db, actor, staffId, { access: 'off', ...WHY }, clock.now),
    'turns on': () => setAccess(db, actor, staffId, { access: 'on', ...WHY }, clock.now),
    'takes password, authenticator and recovery codes from': () => resetLogin(db, actor, staffId, WHY, clock.now),
    'ends the sessions of': () => signOutStaff(db, actor, staffId, WHY, clock.now),
    'ends the post of': () => endStaff(db, actor, staffId, { validTo: TODAY }, clock.now),
  }
}
const ACTS = Object.keys(actsOn({} as World, {} as never, '')) as (keyof ReturnType<typeof actsOn>)[]

test.each(ACTS)('a county admin %s nobody above the own rank: none of the three administrators', async (act) => {
  const world = await newWorld()
  const admin = await world.staff('countyAdmin', world.places.county)
  for (const role of APART) {
    const { personId } = await world.staff(role, world.places.county)
    const before = await world.db.session.count({ where: { personId, revokedAt: null } })
    expect(await refusal(actsOn(world, admin, (await postOf(world, personId)).id)[act]())).toBe('NOT_ALLOWED')
    expect((await world.db.person.findUniqueOrThrow({ where: { id: personId } })).disabledAt).toBeNull()
    expect(await world.db.session.count({ where: { personId, revokedAt: null } })).toBe(before)
  }
  const clerk = await world.staff('townStaff', world.places.town)
  expect(await refusal(actsOn(world, admin, (await postOf(world, clerk.personId)).id)[act]())).toBeNull()
})

test.each(ACTS)(
  'a security administrator %s a county admin, but nobody of another county or of the city',
  async (act) => {
    const world = await newWorld()
    const security = await world.staff('securityAdmin', world.places.county)
    const of = async (role: Role, place: 'county' | 'city' | 'otherCounty') =>
      (await postOf(world, (await world.staff(role, world.places[place])).personId)).id
    expect(await refusal(actsOn(world, security, await of('countyAdmin', 'county'))[act]())).toBeNull()
    expect(await refusal(actsOn(world, security, await of('cityAdmin', 'city'))[act]())).toBe('NOT_FOUND')
    expect(await refusal(actsOn(world, security, await of('townStaff', 'otherCounty'))[act]())).toBe('NOT_FOUND')
    expect(await refusal(actsOn(world, security, randomUUID())[act]())).toBe('NOT_FOUND')
  },
)

test('of who holds two posts the higher one counts, and a post elsewhere is out of reach; one that is over is not', async () => {
  const world = await newWorld()
  const { db, clock, places } = world
  const admin = await world.staff('countyAdmin', places.county)
  const off = (staffId: string) => refusal(setAccess(db, admin, staffId, { access: 'off', ...WHY }, clock.now))
  const [above, elsewhere] = [await world.staff('townStaff', places.town), await world.staff('townStaff', places.town)]
  const low = await postOf(world, above.personId)
  await world.staff('cityAdmin', places.county, { personId: above.personId })
  expect(await off(low.id)).toBe('NOT_ALLOWED')
  const here = await postOf(world, elsewhere.personId)
  await world.staff('townStaff', places.otherTown, { personId: elsewhere.personId })
  expect(await off(here.id)).toBe('NOT_ALLOWED')
  await db.staffRole.updateMany({ where: { regionPath: places.otherTown.path }, data: { validTo: addDays(TODAY, -1) } })
  expect(await off(here.id)).toBeNull()
})

test('nobody does any of it to themselves', async () => {
  const world = await newWorld()
  const security = await world.staff('securityAdmin', world.places.county)
  const { id } = await postOf(world, security.personId)
  for (const act of ACTS.filter((one) => one !== 'ends the post of'))
    expect(await refusal(actsOn(world, security, id)[act]()), act).toBe('NOT_ALLOWED')
})

test('a county admin lends no security administrator’s post, nor takes it back', async () => {
  const world = await newWorld()
  const { db, clock, places } = world
  const admin = await world.staff('countyAdmin', places.county)
  const [one, other] = [
    await world.staff('securityAdmin', places.county),
    await world.staff('securityAdmin', places.county),
  ]
  const [post, to] = [await postOf(world, one.personId), await postOf(world, other.personId)]
  const input = {
    ...{ id: randomUUID(), staffId: post.id, toStaffId: to.id, reason: '出差' },
    ...{ fromAt: clock.now.toISOString(), untilAt: addSeconds(clock.now, 86_400).toISOString() },
  }
  expect(await refusal(delegate(db, admin, input, clock.now))).toBe('NOT_FOUND')
  await delegate(db, one, input, clock.now)
  expect(await refusal(endDelegation(db, admin, input.id, clock.now))).toBe('NOT_FOUND')
})

test('after a reset the login is gone, every session and login code with it, and the log says who did it and why', async () => {
  const world = await newWorld()
  const { db, keys, clock, places } = world
  const security = await world.staff('securityAdmin', places.county)
  const clerk = await world.staff('townStaff', places.town)
  const { personId } = clerk
  const login = { passwordHash: 'x', totpSealed: 'x', totpStep: 1, changedAt: clock.now }
  await db.staffLogin.create({ data: { personId, ...login } })
  await db.recoveryCode.create({ data: { codeHash: 'x', personId, usedAt: null } })
  await newDeskCode(db, keys, clerk, clock.now)
  const tokens = await startSession(db, keys, personId, {}, clock.now)
  const enter = newAuthenticate(world.parts)
  await enter(tokens.accessToken, 'r', clock.now)

  await resetLogin(db, security, (await postOf(world, personId)).id, WHY, clock.now)

  expect(await db.staffLogin.count()).toBe(0)
  expect(await db.recoveryCode.count()).toBe(0)
  expect(await db.deskCode.count()).toBe(0)
  await expect(enter(tokens.accessToken, 'r', world.later(5))).rejects.toThrow('SESSION_ENDED')
  await expect(
    refreshSession(db, keys, { refreshToken: tokens.refreshToken, nonce: randomUUID() }, clock.now),
  ).rejects.toThrow('SESSION_ENDED')
  expect(await db.operationLog.findFirst({ where: { action: 'resetLogin' } })).toMatchObject({
    personId: security.personId,
    before: '{"hasLogin":true}',
    after: '{"reason":"手机丢了"}',
  })
})

test('every write that only sensitive permissions let through asks who sits there, a quarter of an hour after the login', async () => {
  const world = await newWorld()
  const { ask } = await serveWorld(world)
  const sensitive = ROUTES.filter(
    ({ method, may }) => method !== 'GET' && may.length > 0 && may.every((one) => PROVED_ANEW.includes(one)),
  )
  expect(sensitive.length).toBeGreaterThan(8)
  const people = new Map<Role, { personId: string }>()
  const holder = async (permission: Permission) => {
    const role = PERMISSIONS[permission].roles.find((one) => DUTIES[one].level !== 'point') as Role
    if (!people.has(role)) people.set(role, await world.staff(role, world.places.county))
    return people.get(role) as { personId: string }
  }
  for (const one of sensitive) await ask(await holder(one.may[0] as Permission), 'GET', '/me')
  world.later(901)
  for (const one of sensitive) {
    const who = await holder(one.may[0] as Permission)
    const { status, body } = await ask<{ code: string }>(who, one.method, one.path.replace(':id', randomUUID()), {})
    expect([one.path, status, body.code]).toEqual([one.path, 403, 'PROOF_NEEDED'])
  }
})

test('one who may not is told so before being asked for a proof, and a demonstration is never asked', async () => {
  const world = await newWorld()
  const { ask } = await serveWorld(world)
  const clerk = await world.staff('villageStaff')
  const security = await world.staff('securityAdmin', world.places.county)
  await ask(clerk, 'GET', '/me')
  await ask(security, 'GET', '/me')
  world.later(901)
  const path = `/staff/${randomUUID()}/access`
  expect((await ask<{ code: string }>(clerk, 'POST', path, {})).body.code).toBe('NOT_ALLOWED')
  await world.db.session.updateMany({ data: { how: 'demo' } })
  world.later(6)
  expect((await ask<{ code: string }>(security, 'POST', path, { access: 'off', ...WHY })).body.code).toBe('NOT_FOUND')
})

test('who gives a post has the rank for it by a post that gives posts, not by any other', async () => {
  const world = await newWorld()
  const { db, keys, clock, places } = world
  const admin = await world.staff('countyAdmin', places.county)
  await world.staff('cityAdmin', places.county, { personId: admin.personId })
  const both = await world.actorOf(admin.personId)
  const person = { name: '周安', identityKind: 'none' as const, phone: '13722220009' }
  const input = { id: randomUUID(), role: 'cityAdmin' as const, regionId: places.county.id, person, validFrom: TODAY }
  expect(await refusal(addStaff(db, keys, both, input, clock.now))).toBe('NOT_ALLOWED')
})
