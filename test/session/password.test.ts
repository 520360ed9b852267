import { generateSync } from 'otplib'
import { expect, test } from 'vitest'
import { whyNotProved } from '../../server/core/actor'
import { setAccess } from '../../server/session/accounts'
import { newAuthenticate } from '../../server/session/authenticate'
import { logInWithPassword, newLoginSetup, prove, setLogin } from '../../server/session/password'
import { endSession, mySecurity } from '../../server/session/sessions'
import { addSeconds } from '../../shared/core/time'
import { whyNotPassword } from '../../shared/session/password'
import { refusal } from '../support/refusal'
import { newWorld, type World } from '../support/world'

const PASSWORD = '泽头镇的槐树五月开花'.repeat(2)
const digitsAt = (secret: string, at: Date) => generateSync({ secret, epoch: Math.floor(at.getTime() / 1000) })

/** A clerk who has set a password, and the secret in the app. */
async function clerk(world: World, phone: string) {
  const personId = await world.person({ phone })
  const actor = await world.staff('countyAdmin', world.places.county, { personId })
  const { db, keys, clock } = world
  const { ticket, secret } = await newLoginSetup(keys, actor, clock.now)
  const code = digitsAt(secret, clock.now)
  const { recoveryCodes } = await setLogin(db, keys, actor, { ticket, password: PASSWORD, code }, clock.now)
  const enter = (password: string, code: string, at = clock.now) =>
    logInWithPassword(db, keys, { phone, password, code }, at)
  return { actor, secret, recoveryCodes, enter }
}

test('staff sign in with phone, password and six digits; the digits count once, in their half minute and the one beside', async () => {
  const world = await newWorld()
  const { secret, enter, actor } = await clerk(world, '13900001001')
  const next = world.later(60)
  const code = digitsAt(secret, next)

  expect((await enter(PASSWORD, code)).personId).toBe(actor.personId)

  expect(await refusal(enter(PASSWORD, code))).toBe('PASSWORD_WRONG')
  world.later(120)
  expect(await refusal(enter(PASSWORD, code))).toBe('PASSWORD_WRONG')
  expect((await enter(PASSWORD, digitsAt(secret, addSeconds(world.clock.now, -30)))).personId).toBe(actor.personId)
})

test('a wrong password, wrong digits, an unknown phone and a person without a post are refused in the same words', async () => {
  const world = await newWorld()
  const { secret, enter, actor } = await clerk(world, '13900001002')
  const later = world.later(60)
  expect(await refusal(enter('something else entirely', digitsAt(secret, later)))).toBe('PASSWORD_WRONG')
  expect(await refusal(enter(PASSWORD, '000000'))).toBe('PASSWORD_WRONG')
  const nobody = { phone: '13900009999', password: PASSWORD, code: '000000' }
  expect(await refusal(logInWithPassword(world.db, world.keys, nobody, later))).toBe('PASSWORD_WRONG')
  await world.db.staffRole.updateMany({ where: { personId: actor.personId }, data: { validTo: '2026-11-01' } })
  expect(await refusal(enter(PASSWORD, digitsAt(secret, later)))).toBe('PASSWORD_WRONG')
})

test('every sign-in with a password is in the log of operations, good and bad, without what was typed', async () => {
  const world = await newWorld()
  const { secret, enter, actor } = await clerk(world, '13900001007')
  const at = world.later(60)
  await refusal(enter('something else entirely', digitsAt(secret, at)))
  await enter(PASSWORD, digitsAt(secret, at))
  const unknown = { phone: '13900009998', password: PASSWORD, code: '000000' }
  await refusal(logInWithPassword(world.db, world.keys, unknown, at))
  const rows = await world.db.operationLog.findMany({ where: { action: { startsWith: 'signIn' } } })
  const told = rows.map(({ action, personId, role, regionPath }) => [action, personId, role, regionPath].join(' '))
  const { path } = world.places.county
  expect(told.sort()).toEqual(
    [
      `signIn ${actor.personId} countyAdmin ${path}`,
      `signInFailed ${actor.personId} countyAdmin ${path}`,
      'signInFailed nobody none /',
    ].sort(),
  )
  expect(JSON.stringify(rows)).not.toContain('something else')
  expect(JSON.stringify(rows)).not.toContain('1390000')
})

test('five wrong tries lock the login for a quarter of an hour, whoever knows the password, and however many try at once', async () => {
  const world = await newWorld()
  const { secret, enter } = await clerk(world, '13900001003')
  world.later(60)
  const tries = await Promise.all(Array.from({ length: 12 }, () => refusal(enter('wrong wrong wrong', '123456'))))
  expect(tries.filter((one) => one === 'PASSWORD_WRONG')).toHaveLength(5)
  expect(tries.filter((one) => one === 'LOGIN_LOCKED')).toHaveLength(7)
  expect(await refusal(enter(PASSWORD, digitsAt(secret, world.clock.now)))).toBe('LOGIN_LOCKED')
  world.later(901)
  expect(await refusal(enter(PASSWORD, digitsAt(secret, world.clock.now)))).toBeNull()
})

test('each of the ten recovery codes stands in for the digits once', async () => {
  const world = await newWorld()
  const { recoveryCodes, enter, actor } = await clerk(world, '13900001004')
  const [first = '', second = ''] = recoveryCodes
  expect(recoveryCodes).toHaveLength(10)

  expect((await enter(PASSWORD, first)).personId).toBe(actor.personId)
  expect(await refusal(enter(PASSWORD, first))).toBe('PASSWORD_WRONG')
  expect((await enter(PASSWORD, second.toLowerCase().replace('-', ' '))).personId).toBe(actor.personId)
  expect(await mySecurity(world.db, actor, world.clock.now)).toMatchObject({ hasLogin: true, recoveryCodesLeft: 8 })
})

test('password, secret and recovery codes stand nowhere as they are', async () => {
  const world = await newWorld()
  const { secret, recoveryCodes, actor } = await clerk(world, '13900001005')
  const login = await world.db.staffLogin.findUniqueOrThrow({ where: { personId: actor.personId } })
  const codes = await world.db.recoveryCode.findMany({ where: { personId: actor.personId } })
  expect(login.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  for (const value of [PASSWORD, secret, ...recoveryCodes]) expect(JSON.stringify([login, codes])).not.toContain(value)
})

test('a new password needs a fresh proof, and ends what was begun with the old one', async () => {
  const world = await newWorld()
  const { actor, secret, enter } = await clerk(world, '13900001006')
  const { db, keys } = world
  const elsewhere = await enter(PASSWORD, digitsAt(secret, world.later(60)))
  const later = world.later(1000)
  expect(await refusal(newLoginSetup(keys, actor, later))).toBe('PROOF_NEEDED')

  await prove(db, keys, actor, { password: PASSWORD, code: digitsAt(secret, later) }, later)
  const proved = {
    ...actor,
    provedAt: (await db.session.findUniqueOrThrow({ where: { id: actor.sessionId } })).provedAt,
  }
  const { ticket, secret: next } = await newLoginSetup(keys, proved, later)
  await setLogin(db, keys, proved, { ticket, password: `${PASSWORD}换了`, code: digitsAt(next, later) }, later)

  await expect(newAuthenticate(world.parts)(elsewhere.accessToken, 'r', later)).rejects.toThrow()
  expect(await refusal(enter(PASSWORD, digitsAt(next, world.later(60))))).toBe('PASSWORD_WRONG')
})

test('the ticket of one person’s app is no good for another, nor after a quarter of an hour', async () => {
  const world = await newWorld()
  const { db, keys, clock } = world
  const [one, other] = [await world.staff('townStaff', world.places.town), await world.staff('villageStaff')]
  const { ticket, secret } = await newLoginSetup(keys, one, clock.now)
  const set = (actor: typeof one) =>
    setLogin(db, keys, actor, { ticket, password: PASSWORD, code: digitsAt(secret, clock.now) }, clock.now)
  expect(await refusal(set(other))).toBe('PASSWORD_WRONG')
  world.later(901)
  expect(await refusal(set(one))).toBe('PASSWORD_WRONG')
})

test('one sees where one is logged in, and ends one’s own sessions only', async () => {
  const world = await newWorld()
  const { actor, secret, enter } = await clerk(world, '13900001007')
  await enter(PASSWORD, digitsAt(secret, world.later(60)))
  const { sessions } = await mySecurity(world.db, actor, world.clock.now)
  expect(sessions.map((one) => [one.how, one.isThis]).sort()).toEqual([
    ['password', false],
    ['wechat', true],
  ])
  const other = await world.member()
  const foreign = sessions.find((one) => one.how === 'password')?.id as string
  expect(await refusal(endSession(world.db, other.actor, foreign, world.clock.now))).toBe('NOT_FOUND')
  await endSession(world.db, actor, foreign, world.clock.now)
  expect((await mySecurity(world.db, actor, world.clock.now)).sessions).toHaveLength(1)
})

test('an account that is turned off is out within five seconds on every process; nobody turns off themselves or above', async () => {
  const world = await newWorld()
  const { actor, secret, enter } = await clerk(world, '13900001008')
  const boss = await world.staff('countyAdmin', world.places.county)
  const tokens = await enter(PASSWORD, digitsAt(secret, world.later(60)))
  const processes = [newAuthenticate(world.parts), newAuthenticate(world.parts)]
  for (const one of processes) await one(tokens.accessToken, 'r', world.clock.now)
  const post = await world.db.staffRole.findFirstOrThrow({ where: { personId: actor.personId } })
  const own = await world.db.staffRole.findFirstOrThrow({ where: { personId: boss.personId } })
  const off = { access: 'off' as const, reason: '离职' }

  expect(await refusal(setAccess(world.db, boss, own.id, off, world.clock.now))).toBe('NOT_ALLOWED')
  const town = await world.staff('townStaff', world.places.town)
  expect(await refusal(setAccess(world.db, town, post.id, off, world.clock.now))).toBe('NOT_FOUND')
  await setAccess(world.db, boss, post.id, off, world.clock.now)

  const soon = world.later(5)
  for (const one of processes) await expect(one(tokens.accessToken, 'r', soon)).rejects.toThrow('SESSION_ENDED')
  expect(await refusal(enter(PASSWORD, digitsAt(secret, world.later(60))))).toBe('PASSWORD_WRONG')
})

test.each([
  ['too short', 'kurz', 'PASSWORD_WEAK'],
  ['a word and a birthday', 'Woaini19880512!', 'PASSWORD_WEAK'],
  ['a walk over the keys', '1qaz2wsx3edc!!', 'PASSWORD_WEAK'],
  ['the place and digits', 'Wendeng@1234567', 'PASSWORD_WEAK'],
  ['all one sign', 'aaaaaaaaaaaaaaaa', 'PASSWORD_WEAK'],
  ['words everybody tries', 'password123456', 'PASSWORD_WEAK'],
  ['with one’s own phone', 'x1-13900001009', 'PASSWORD_WEAK'],
  ['a sentence', '泽头镇的槐树在五月里开花', null],
  ['long, without any rule of signs', 'correct horse battery', null],
])('a password is judged: %s', (_, password, expected) => {
  expect(whyNotPassword(password, '13900001009')).toBe(expected)
})

test('what can’t be undone asks again after a quarter of an hour, but never in a demonstration', async () => {
  const world = await newWorld()
  const actor = await world.staff('countyAdmin', world.places.county)
  expect(whyNotProved(actor, world.clock.now)).toBeNull()
  expect(whyNotProved(actor, world.later(901))).toBe('PROOF_NEEDED')
  expect(whyNotProved({ ...actor, how: 'demo' }, world.clock.now)).toBeNull()
})
