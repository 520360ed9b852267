import { randomUUID } from 'node:crypto'
import sharp from 'sharp'
import { beforeAll, expect, test } from 'vitest'
import { acceptProxy, inviteProxy, readAuthorisation, readOffer, showInvitation } from '../../server/elder/invitation'
import { revokeProxy } from '../../server/elder/proxy'
import { listProxyActs } from '../../server/elder/proxy-acts'
import { ask } from '../../server/order/ask'
import { forgetSettings } from '../../server/region/settings'
import { confirm } from '../../server/visit/confirm'
import type { ProxyScope } from '../../shared/elder/words'
import { atDoor } from '../support/door'
import { refusal } from '../support/refusal'
import { newWorld, serveWorld, type World } from '../support/world'

let world: World
let paper: string
beforeAll(async () => {
  world = await newWorld()
  const blank = sharp({ create: { width: 20, height: 20, channels: 3, background: '#fff' } })
  paper = (await blank.png().toBuffer()).toString('base64')
})

type Actor = Awaited<ReturnType<World['actorOf']>>

function said(elderId: string, more: { scopes?: ProxyScope[]; validTo?: string; paper?: string } = {}) {
  return { id: randomUUID(), elderId, relation: '儿子', scopes: ['confirm', 'ask'] as ProxyScope[], ...more }
}

/** Invites and answers what the code says. */
async function invited(actor: Actor, elderId: string, more: Parameters<typeof said>[1] = {}) {
  const { db, keys, clock } = world
  const { id } = await inviteProxy(db, keys, actor, said(elderId, more), clock.now)
  return showInvitation(db, keys, 'https://mulin.example', actor, id, clock.now)
}

async function relative(name = '王军') {
  return world.actorOf(await world.person({ name }))
}

function take(actor: Actor, code: string, id: string = randomUUID()) {
  return acceptProxy(world.db, world.keys, actor, { id, code }, world.clock.now)
}

test('the elder invites, the relative scans, sees whom and what for, says yes, and may do just that until the last day', async () => {
  world.at('09:00')
  const { db, keys, clock } = world
  const elder = await world.elder({ name: '王秀英' })
  const invitation = await invited(elder.actor, elder.id)
  expect(invitation).toMatchObject({ state: 'open', validTo: '2027-11-22', acceptedBy: null })
  expect(invitation.address).toMatch(/^https:\/\/mulin\.example\/i\/P1[0-9A-Za-z]{29}$/)

  const son = await relative()
  const offer = await readOffer(db, keys, son, invitation.address as string, clock.now)
  expect(offer).toMatchObject({ elderName: '王秀英', regionName: '北庄村', scopes: ['ask', 'confirm'], whyNot: null })
  const id = randomUUID()
  await take(son, invitation.number, id)
  expect(await take(son, invitation.address as string, id)).toEqual({ id: elder.id })

  expect(await db.proxy.count({ where: { elderId: elder.id } })).toBe(1)
  expect(await db.consent.findFirst({ where: { personId: elder.personId, kind: 'proxy' } })).toMatchObject({
    how: 'app',
  })
  expect((await world.actorOf(son.personId)).proxyOf).toMatchObject([{ elderId: elder.id, scopes: ['ask', 'confirm'] }])
  const now = await showInvitation(db, keys, '', elder.actor, invitation.id, clock.now)
  expect(now).toMatchObject({ state: 'accepted', acceptedBy: '王军', address: null })
  world.at('23:59', '2027-11-22')
  expect((await world.actorOf(son.personId)).proxyOf).toHaveLength(1)
  world.at('00:00', '2027-11-23')
  expect((await world.actorOf(son.personId)).proxyOf).toEqual([])
  world.at('09:00', '2026-11-22')
})

test('a code is used once, in time, by nobody it isn’t for; who comes too late learns nothing of the elder', async () => {
  const { db, keys, clock } = world
  const elder = await world.elder()
  const first = await invited(elder.actor, elder.id)
  const second = await invited(elder.actor, elder.id)
  const [son, daughter] = [await relative('王军'), await relative('王梅')]
  expect(await refusal(take(son, first.number))).toBe('INVITATION_OVER')
  expect(await refusal(take(elder.actor, second.number))).toBe('PROXY_SELF')
  expect(await refusal(take(son, 'K7M2-9QXD-4TRF'))).toBe('INVITATION_UNKNOWN')
  expect(await refusal(take(son, `https://mulin.example/d/${(second.address as string).slice(-31)}`))).toBe(
    'INVITATION_UNKNOWN',
  )
  const together = await Promise.all([son, daughter].map((one) => refusal(take(one, second.number))))
  expect(together.sort()).toEqual(['INVITATION_USED', null])

  const third = await invited(elder.actor, elder.id)
  world.later(15 * 60)
  const late = await relative('王海')
  expect(await refusal(take(late, third.number))).toBe('INVITATION_OVER')
  const offer = await readOffer(db, keys, late, third.number, clock.now)
  expect(offer).toMatchObject({ elderName: '', regionName: '', whyNot: 'INVITATION_OVER', hotline: '12349' })
  expect(await showInvitation(db, keys, '', elder.actor, third.id, clock.now)).toMatchObject({ state: 'expired' })
})

test('a fifth is refused, also when two take up the fourth place at once, and a second time the same one', async () => {
  const elder = await world.elder()
  const clerk = await world.staff('villageStaff')
  for (const name of ['王一', '王二', '王三'])
    await take(await relative(name), (await invited(elder.actor, elder.id)).number)
  const again = await world.actorOf((await world.db.proxy.findFirstOrThrow({ where: { elderId: elder.id } })).personId)
  const own = await invited(elder.actor, elder.id)
  expect(await refusal(take(again, own.number))).toBe('PROXY_EXISTS')
  const byClerk = await invited(clerk, elder.id, { paper })
  const outcomes = await Promise.all(
    [own.number, byClerk.number].map(async (code) => refusal(take(await relative('王四'), code))),
  )
  expect(outcomes.sort()).toEqual(['PROXY_FULL', null])
  expect(await refusal(invited(elder.actor, elder.id))).toBe('PROXY_FULL')
})

test('staff need the signed paper, of their own village, and don’t take up what they sent; the paper stays readable', async () => {
  const { db, keys, clock, places } = world
  const elder = await world.elder()
  const clerk = await world.staff('villageStaff')
  const other = await world.staff('villageStaff', places.village2)
  expect(await refusal(invited(clerk, elder.id))).toBe('PROXY_PAPER')
  expect(await refusal(invited(clerk, elder.id, { paper: 'AAAA' }))).toBe('PICTURE_FORMAT')
  expect(await refusal(invited(other, elder.id, { paper }))).toBe('NOT_FOUND')
  expect(await refusal(invited((await world.member()).actor, elder.id, { paper }))).toBe('NOT_FOUND')
  expect(await refusal(invited(elder.actor, elder.id, { paper }))).toBe('PROXY_NO_PAPER')
  expect(await refusal(invited(elder.actor, elder.id, { validTo: '2027-11-23' }))).toBe('PROXY_TOO_LONG')
  expect(await refusal(invited(elder.actor, elder.id, { validTo: '2026-11-21' }))).toBe('DATE_ORDER')
  const sent = await invited(clerk, elder.id, { paper })
  expect(await refusal(take(clerk, sent.number))).toBe('INVITATION_OWN')
  await take(await relative(), sent.number)

  expect((await readAuthorisation(db, keys, clerk, sent.id, clock.now)).type).toBe('image/jpeg')
  expect(await refusal(readAuthorisation(db, keys, other, sent.id, clock.now))).toBe('NOT_FOUND')
  expect((await db.proxyInvitation.findUniqueOrThrow({ where: { id: sent.id } })).paperSealed).not.toContain(paper)
  expect(await db.consent.findFirst({ where: { personId: elder.personId, kind: 'proxy' } })).toMatchObject({
    how: 'paper',
  })
})

test('each scope is given apart, each act names both, and after the elder stopped it nothing is done any more', async () => {
  const { db, keys, clock } = world
  const door = await atDoor(world)
  const { elder } = door
  const { number } = await invited(elder.actor, elder.id, { scopes: ['ask'] })
  const person = await relative('王军')
  await take(person, number)
  const son = await world.actorOf(person.personId)
  const want = () => ({
    id: randomUUID(),
    ...{ elderId: elder.id, serviceId: world.service.id, wantedDay: '2026-11-23', wantedTime: 'any' as const },
  })
  const yes = { id: randomUUID(), elderId: elder.id, answer: 'yes' as const, how: 'proxy' as const }
  expect(await refusal(confirm(db, son, await door.served(20), yes, clock.now))).toBe('NOT_ALLOWED')
  const { id: orderId } = await ask(db, son, want(), clock.now)

  const acts = await listProxyActs(db, keys, elder.actor, elder.id, { limit: 10 })
  expect(acts.items).toMatchObject([
    { kind: 'ask', refId: orderId, proxyName: '王军', elderName: '王秀英', relation: '儿子' },
  ])
  const masked = await listProxyActs(db, keys, await world.staff('auditor', world.places.county), elder.id, {
    limit: 10,
  })
  expect(masked.items).toMatchObject([{ proxyName: '王*', elderName: '王*英' }])
  expect(await refusal(listProxyActs(db, keys, (await world.elder()).actor, elder.id, { limit: 10 }))).toBe('NOT_FOUND')

  const { id } = await db.proxy.findFirstOrThrow({ where: { elderId: elder.id } })
  await revokeProxy(db, elder.actor, id, clock.now)
  // the session still remembers the power it had
  expect(await refusal(ask(db, son, want(), clock.now))).toBe('PROXY_STOPPED')
})

test('a proxy who served can’t confirm, also with every scope', async () => {
  const { db, clock } = world
  const { elder, helper, served } = await atDoor(world)
  const visitId = await served(20)
  await world.proxy(elder.id, { personId: helper.personId })
  const both = await world.actorOf(helper.personId)
  const yes = { id: randomUUID(), elderId: elder.id, answer: 'yes' as const, how: 'proxy' as const }
  expect(await refusal(confirm(db, both, visitId, yes, clock.now))).toBe('CONFIRM_OWN')
})

test('a proxy does so many things a day, of all kinds together, and again after midnight in Shanghai; two at once count both', async () => {
  world.at('09:00', '2026-11-22')
  const { db, places, clock } = world
  const door = await atDoor(world)
  const { elder } = door
  const limit = { regionId: places.village.id, key: 'proxyActsMax', version: 1, value: '2', validFrom: '2026-01-01' }
  await db.setting.create({ data: { id: randomUUID(), ...limit, recordedAt: clock.now } })
  forgetSettings(db)
  const son = await world.proxy(elder.id)
  const want = () => ({
    id: randomUUID(),
    ...{ elderId: elder.id, serviceId: world.service.id, wantedDay: '2026-11-25', wantedTime: 'any' as const },
  })
  const visitId = await door.served(20)
  world.at('23:58', '2026-11-22')
  const yes = { id: randomUUID(), elderId: elder.id, answer: 'yes' as const, how: 'proxy' as const }
  await confirm(db, son, visitId, yes, clock.now)
  expect(await refusal(confirm(db, son, visitId, yes, clock.now))).toBeNull()
  const last = await Promise.all([want(), want()].map((one) => refusal(ask(db, son, one, clock.now))))
  expect(last.sort()).toEqual(['PROXY_DAILY', null])

  expect(await refusal(ask(db, son, want(), world.at('23:59', '2026-11-22')))).toBe('PROXY_DAILY')
  expect(await refusal(ask(db, son, want(), world.at('00:00', '2026-11-23')))).toBeNull()
  world.at('09:00', '2026-11-22')
})

test('over HTTP the new power holds at once, and a stranger is told nothing of others’ invitations', async () => {
  const { ask: http } = await serveWorld(world)
  const elder = await world.elder()
  const son = await relative()
  const body = { id: randomUUID(), elderId: elder.id, relation: '儿子', scopes: ['redeem'] }
  const sent = await http<{ id: string; number: string }>(elder.actor, 'POST', '/proxy-invitations', body)
  expect(sent.status).toBe(201)
  expect((await http<{ proxyOf: unknown[] }>(son, 'GET', '/me')).body.proxyOf).toEqual([])
  expect((await http(son, 'GET', `/proxy-invitations/${sent.body.id}`)).status).toBe(403)
  expect((await http((await world.elder()).actor, 'GET', `/proxy-invitations/${sent.body.id}`)).status).toBe(404)
  const took = await http(son, 'POST', '/proxy-invitations/acceptances', { id: randomUUID(), code: sent.body.number })
  expect(took.status).toBe(200)
  expect((await http<{ proxyOf: unknown[] }>(son, 'GET', '/me')).body.proxyOf).toMatchObject([{ elderId: elder.id }])
})
