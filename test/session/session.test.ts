import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { newAuthenticate } from '../../server/session/authenticate'
import { logInAtDesk, newDeskCode } from '../../server/session/desk'
import { refreshSession } from '../../server/session/refresh'
import { startSession } from '../../server/session/start'
import { newWorld, type World } from '../support/world'

const logIn = (world: World, personId: string) => startSession(world.db, world.keys, personId, {}, world.clock.now)
const refresh = (world: World, refreshToken: string, nonce: string) =>
  refreshSession(world.db, world.keys, { refreshToken, nonce }, world.clock.now)

test('a refresh token is exchanged for the next one, and the old one is then worth nothing', async () => {
  const world = await newWorld()
  const first = await logIn(world, await world.person())
  const second = await refresh(world, first.refreshToken, randomUUID())
  expect(second.refreshToken).not.toBe(first.refreshToken)
  await refresh(world, second.refreshToken, randomUUID())
  await expect(refresh(world, second.refreshToken, randomUUID())).rejects.toThrow('SESSION_ENDED')
})

test('a lost answer asked for again with the same nonce gives the same token', async () => {
  const world = await newWorld()
  const first = await logIn(world, await world.person())
  const nonce = randomUUID()
  const lost = await refresh(world, first.refreshToken, nonce)
  world.later(9)
  expect((await refresh(world, first.refreshToken, nonce)).refreshToken).toBe(lost.refreshToken)
})

test('after the grace the same request counts as theft and ends the session for both', async () => {
  const world = await newWorld()
  const first = await logIn(world, await world.person())
  const nonce = randomUUID()
  const second = await refresh(world, first.refreshToken, nonce)
  world.later(11)
  await expect(refresh(world, first.refreshToken, nonce)).rejects.toThrow('SESSION_ENDED')
  await expect(refresh(world, second.refreshToken, randomUUID())).rejects.toThrow('SESSION_ENDED')
})

test('a thief who went on twice is thrown out too when the owner comes with the token that was stolen', async () => {
  const world = await newWorld()
  const stolen = await logIn(world, await world.person())
  const second = await refresh(world, stolen.refreshToken, randomUUID())
  const third = await refresh(world, second.refreshToken, randomUUID())
  await expect(refresh(world, stolen.refreshToken, randomUUID())).rejects.toThrow('SESSION_ENDED')
  await expect(refresh(world, third.refreshToken, randomUUID())).rejects.toThrow('SESSION_ENDED')
})

test('who only knows the number of a session can’t end it: a token that isn’t ours is no reuse', async () => {
  const world = await newWorld()
  const { refreshToken } = await logIn(world, await world.person())
  const [sessionId, , mark] = refreshToken.split('.')
  for (const made of [`${sessionId}.guess.${mark}`, `${sessionId}`, `${sessionId}..`, refreshToken.slice(0, -1)])
    await expect(refresh(world, made, randomUUID())).rejects.toThrow('SESSION_ENDED')
  await refresh(world, refreshToken, randomUUID())
})

test('of a person whose account is off nothing is exchanged', async () => {
  const world = await newWorld()
  const personId = await world.person()
  const { refreshToken } = await logIn(world, personId)
  await world.db.person.update({ where: { id: personId }, data: { disabledAt: world.clock.now } })
  await expect(refresh(world, refreshToken, randomUUID())).rejects.toThrow('SESSION_ENDED')
  await world.db.person.update({ where: { id: personId }, data: { disabledAt: null } })
  await refresh(world, refreshToken, randomUUID())
})

test('of two who refresh one token at once with other nonces, at most one goes on', async () => {
  const world = await newWorld()
  const first = await logIn(world, await world.person())
  const outcomes = await Promise.allSettled([
    refresh(world, first.refreshToken, randomUUID()),
    refresh(world, first.refreshToken, randomUUID()),
  ])
  expect(outcomes.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
})

test('a session ends within five seconds of its revocation, and a disabled person is out as fast', async () => {
  const world = await newWorld()
  const authenticate = newAuthenticate(world.parts)
  const enter = async (token: string) => authenticate(token, 'r', world.clock.now)
  const personId = await world.person()
  const { accessToken } = await logIn(world, personId)
  await enter(accessToken)
  await world.db.session.updateMany({ where: { personId }, data: { revokedAt: world.clock.now } })
  world.later(5)
  await expect(enter(accessToken)).rejects.toThrow('SESSION_ENDED')

  const other = await world.person()
  const token = (await logIn(world, other)).accessToken
  await enter(token)
  await world.db.person.update({ where: { id: other }, data: { disabledAt: world.clock.now } })
  world.later(5)
  await expect(enter(token)).rejects.toThrow('SESSION_ENDED')
})

test('roles are those of today: one that ended yesterday is gone, one that starts tomorrow isn’t there yet', async () => {
  const world = await newWorld()
  const staff = await world.staff('townStaff', world.places.town)
  await world.db.staffRole.updateMany({ data: { validTo: '2026-11-22' } })
  expect((await world.actorOf(staff.personId)).roles).toHaveLength(1)
  world.at('00:00', '2026-11-23')
  expect((await world.actorOf(staff.personId)).roles).toHaveLength(0)
  await world.db.staffRole.updateMany({ data: { validFrom: '2026-11-24', validTo: null } })
  expect((await world.actorOf(staff.personId)).roles).toHaveLength(0)
})

test('the first phone of a person is bound; a second one does not take its place', async () => {
  const world = await newWorld()
  const personId = await world.person()
  const [first, second] = [randomUUID(), randomUUID()]
  await startSession(world.db, world.keys, personId, { deviceId: first }, world.clock.now)
  await startSession(world.db, world.keys, personId, { deviceId: second }, world.clock.now)
  expect((await world.db.device.findMany({ where: { personId } })).map((one) => one.deviceId)).toEqual([first])
})

test('the eight digits on the phone log the same person in at the desk, once and for five minutes', async () => {
  const world = await newWorld()
  const staff = await world.staff('villageStaff')
  const { code } = await newDeskCode(world.db, world.keys, staff, world.clock.now)
  const enter = () => logInAtDesk(world.db, world.keys, { code }, world.clock.now)
  const outcomes = await Promise.allSettled([enter(), enter()])
  expect(outcomes.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
  const late = await newDeskCode(world.db, world.keys, staff, world.clock.now)
  world.later(301)
  await expect(logInAtDesk(world.db, world.keys, { code: late.code }, world.clock.now)).rejects.toThrow(
    'LOGIN_CODE_WRONG',
  )
})
