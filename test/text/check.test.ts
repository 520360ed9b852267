import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { listAppeals } from '../../server/audit/appeal'
import { decideVisits } from '../../server/audit/decide'
import { appealListing } from '../../server/credit/listing'
import { bonus } from '../../server/ledger/grant'
import { accountOfPerson } from '../../server/member/account'
import { give } from '../../server/member/give'
import { findGiving, listGifts } from '../../server/member/giving'
import { addProduct, changeProduct } from '../../server/redemption/add-product'
import { catalogue } from '../../server/redemption/queries'
import { addOrganisation } from '../../server/registry/organisations'
import { checkTexts } from '../../server/text/check'
import { decideText, listTexts } from '../../server/text/desk'
import { forgetTexts } from '../../server/text/forget'
import { appeal, explain } from '../../server/visit/explain'
import { showVisit } from '../../server/visit/show'
import { HIDDEN_TEXT } from '../../shared/text/words'
import { atDoor } from '../support/door'
import { newMessageWorld } from '../support/message-world'
import { refusal } from '../support/refusal'
import { recordsIn } from '../support/scope-table'
import { busy, type Fault, quotaUsed, tokenRefused } from '../support/wechat-emulator/faults'
import { newWorld, serveWorld } from '../support/world'

const FINE = '谢谢您常来看我'
const UNSURE = '要红包请加微信'
const RISKY = '刷单返利，日入三百'
const impatient = { limits: { timeoutMs: 600, tries: 3, backOffMs: 2 } }
const given = (note: string) => ({ id: randomUUID(), to: 'pool' as const, milliPoints: '1000', note })
const product = (name: string) => ({
  ...{ name, icon: 'soap', kind: 'goods' as const, description: '', priceMilliPoints: '5000', costFen: 500 },
  ...{ holdHours: 24, mostAtOnce: 1, mealTime: null, whoRule: '', active: true },
})

/** A county with WeChat, a helper who is there and has points to give, and the clerk of the town. */
async function county() {
  const world = await newMessageWorld(impatient, { donate: {} })
  const { db, clock, emulator } = world
  const helper = await world.member()
  const openid = await world.withWechat(helper.personId)
  emulator.loginCode(openid)
  await db.$transaction(async (tx) => {
    const to = await accountOfPerson(tx, helper.personId, world.programmeId, clock.now)
    const id = randomUUID()
    const about = { refType: 'referral', refId: id, happenedAt: clock.now, byId: 'test', explanation: {} }
    await bonus(tx, { id, ...about, to, milliPoints: 90_000n, expiresAt: null }, clock.now)
  })
  const write = async (note: string) => {
    const input = given(note)
    await give(db, helper.actor, input, clock.now)
    return input.id
  }
  const read = async (id: string) =>
    (await findGiving(db, world.keys, helper.actor, clock.now)).gifts.find((one) => one.id === id)?.note
  const clerk = await world.staff('townStaff', world.places.town)
  const check = () => checkTexts(world.parts, clock.now)
  const stateOf = async (id: string) => {
    const { state, reason } = await db.textCheck.findUniqueOrThrow({ where: { id } })
    return [state, reason]
  }
  /** The clock goes on until nothing waits any more, for at most a day. */
  const untilDone = async () => {
    for (let runs = 0; runs < 30; runs++) {
      await check()
      const next = await db.textCheck.findFirst({ where: { state: 'waiting' }, orderBy: { dueAt: 'asc' } })
      if (next === null) break
      const ahead = Math.max((next.dueAt.getTime() - clock.now.getTime()) / 1000, 0)
      world.later(ahead)
      emulator.clock.advance(ahead)
      emulator.loginCode(openid)
    }
  }
  return { world, helper, openid, clerk, write, read, check, stateOf, untilDone }
}

test('a text is shown while WeChat looks; what is fine stays, what is risky is hidden with a sentence, and staff look at the rest', async () => {
  const { world, clerk, write, read, check, stateOf } = await county()
  const { db, keys, clock } = world
  const [fine, unsure, risky] = [await write(FINE), await write(UNSURE), await write(RISKY)]
  expect([await read(fine), await read(unsure), await read(risky)]).toEqual([FINE, UNSURE, RISKY])

  expect(await check()).toBe(3)

  expect([await read(fine), await read(unsure), await read(risky)]).toEqual([FINE, UNSURE, HIDDEN_TEXT])
  expect((await listGifts(db, keys, clerk, { limit: 50 })).items.find((one) => one.id === risky)?.note).toBe(
    HIDDEN_TEXT,
  )
  const { items } = await listTexts(db, keys, clerk, { limit: 50, state: 'open' })
  const shown = items.map(({ id, text, state, reasonWord }) => ({ id, text, state, reasonWord }))
  expect(shown.sort((one, other) => (one.text < other.text ? -1 : 1))).toEqual([
    { id: risky, text: RISKY, state: 'hidden', reasonWord: '微信说有问题，已先隐藏' },
    { id: unsure, text: UNSURE, state: 'review', reasonWord: '微信说拿不准' },
  ])

  const outside = await world.staff('townStaff', world.places.town2)
  expect((await listTexts(db, keys, outside, { limit: 50, state: 'open' })).items).toEqual([])
  expect(await refusal(decideText(db, outside, risky, { outcome: 'show' }, clock.now))).toBe('NOT_FOUND')
  await decideText(db, clerk, risky, { outcome: 'show' }, clock.now)
  await decideText(db, clerk, unsure, { outcome: 'hide' }, clock.now)
  expect(await refusal(decideText(db, clerk, unsure, { outcome: 'show' }, clock.now))).toBe('TEXT_DECIDED')
  expect(await refusal(decideText(db, clerk, fine, { outcome: 'hide' }, clock.now))).toBe('TEXT_DECIDED')
  expect([await read(unsure), await read(risky)]).toEqual([HIDDEN_TEXT, RISKY])
  expect(await stateOf(unsure)).toEqual(['hidden', 'review'])
  expect(await db.operationLog.count({ where: { resource: 'text', personId: clerk.personId } })).toBe(2)
  expect((await listTexts(db, keys, clerk, { limit: 50, state: 'open' })).items).toEqual([])
  expect((await listTexts(db, keys, clerk, { limit: 50, state: 'decided' })).items).toHaveLength(2)
})

test('whom WeChat has not seen for two hours, and who has no WeChat, is read by staff and shown meanwhile (61010)', async () => {
  const { world, helper, clerk, write, read, check, stateOf } = await county()
  const { db, keys, clock } = world
  world.emulator.clock.advance(7201)
  const elder = await write(RISKY)
  await check()
  expect(await stateOf(elder)).toEqual(['review', 'inactiveUser'])
  await db.person.update({ where: { id: helper.personId }, data: { openidSealed: null, openidIndex: null } })
  const stranger = await write(RISKY)
  await check()
  expect(await stateOf(stranger)).toEqual(['review', 'nobody'])
  expect([await read(elder), await read(stranger)]).toEqual([RISKY, RISKY])
  expect((await listTexts(db, keys, clerk, { limit: 50, state: 'open' })).items).toHaveLength(2)
  const boss = await world.staff('townStaff', world.places.town, { personId: helper.personId })
  expect(await refusal(decideText(db, boss, elder, { outcome: 'show' }, clock.now))).toBe('REQUEST_OWN')
})

const FAULTS: [string, Fault][] = [
  ['a time-out', { kind: 'latency', ms: 900, times: 4, call: 'text' }],
  ['half an answer', { kind: 'truncated', times: 4, call: 'text' }],
  ['an answer that stops in the middle', { kind: 'stalled', times: 1, call: 'text' }],
  ['a page of something in between', { kind: 'page', acted: true, times: 4, call: 'text' }],
  ['a burst of busy (-1)', busy(7, 'text')],
  ['a refused token (40001)', tokenRefused('text')],
  ['a used-up quota (45009)', quotaUsed(2, 'text')],
  ['no token for a while', { kind: 'reset', acted: false, times: 4, call: 'token' }],
]

test.each(FAULTS)('%s: the text is judged in the end, and what was written stood at once', async (_what, fault) => {
  const { world, helper, read, stateOf, untilDone } = await county()
  const { ask } = await serveWorld(world)
  world.emulator.faults.push(fault)
  const input = given(RISKY)
  const [written] = await Promise.all([
    ask(helper.actor, 'POST', '/gifts', input),
    checkTexts(world.parts, world.clock.now),
  ])
  expect(written.status).toBe(201)
  await untilDone()
  expect(await stateOf(input.id)).toEqual(['hidden', 'risky'])
  expect(await read(input.id)).toBe(HIDDEN_TEXT)
})

test('while WeChat is away it is asked a few times a run, nothing is lost, and what it never answers staff read', async () => {
  const { world, write, check, stateOf, untilDone } = await county()
  for (let count = 0; count < 20; count++) await write(`${FINE}${count}`)
  world.emulator.faults.push(quotaUsed(1000, 'text'))
  await check()
  expect(world.emulator.requestsOf('text').length).toBeLessThanOrEqual(8)
  expect(await world.db.textCheck.count({ where: { state: 'waiting' } })).toBe(20)
  world.emulator.faults.length = 0
  await untilDone()
  expect(await world.db.textCheck.count({ where: { state: 'fine' } })).toBe(20)

  const never = await write(UNSURE)
  world.emulator.faults.push(quotaUsed(1000, 'text'))
  await untilDone()
  expect(await stateOf(never)).toEqual(['review', 'tries'])
})

test('what a process was asking when it died is asked again, and two processes ask once', async () => {
  const { world, write, check, stateOf } = await county()
  const { db, clock, parts } = world
  const id = await write(RISKY)
  await db.textCheck.update({ where: { id }, data: { state: 'asking', tries: 1, leasedUntil: clock.now } })
  await check()
  expect(await stateOf(id)).toEqual(['hidden', 'risky'])
  const before = world.emulator.requestsOf('text').length
  for (let count = 0; count < 8; count++) await write(`${FINE}${count}`)
  await Promise.all([0, 1].map(() => checkTexts({ ...parts, wechat: world.otherProcess() }, clock.now)))
  await check()
  expect(world.emulator.requestsOf('text').length - before).toBe(8)
})

test('where no WeChat is, texts are shown as they are, and nobody has anything to look at', async () => {
  const world = await newWorld()
  const { db, keys, clock, places } = world
  const admin = await world.staff('countyAdmin', places.county)
  const id = randomUUID()
  await addProduct(db, admin, { id, regionId: places.county.id, ...product(RISKY) }, clock.now)
  expect(await checkTexts(world.parts, clock.now)).toBe(0)
  expect(await db.textCheck.findUniqueOrThrow({ where: { id } })).toMatchObject({ state: 'unchecked' })
  const helper = await world.member()
  const { offers } = await catalogue(db, keys, helper.actor, undefined, clock.now)
  expect(offers.map((one) => one.name)).toEqual([RISKY])
  expect((await listTexts(db, keys, admin, { limit: 50, state: 'open' })).items).toEqual([])
  world.later(89 * 86_400)
  expect(await forgetTexts(db, clock.now)).toBe(0)
  world.later(2 * 86_400)
  expect(await forgetTexts(db, clock.now)).toBe(1)
})

test('every kind of text goes to the check in the commit that wrote it, and is hidden wherever it stands', async () => {
  const { world, helper, clerk, check } = await county()
  const { db, keys, clock, places } = world
  const records = await recordsIn(world)
  const admin = await world.staff('countyAdmin', places.county)
  const auditor = await world.staff('townAuditor', places.town)
  for (const one of [admin, auditor]) world.emulator.loginCode(await world.withWechat(one.personId))
  await db.textCheck.deleteMany()

  const soap = randomUUID()
  await addProduct(db, admin, { id: soap, regionId: places.county.id, ...product(RISKY) }, clock.now)
  const body = { id: randomUUID(), regionId: places.village.id, kind: 'canteen' as const, name: RISKY }
  const fields = { code: '', address: '', phone: '', openingHours: '', needs: [], active: true }
  await addOrganisation(db, admin, { ...body, ...fields }, clock.now)
  world.emulator.loginCode(await world.withWechat(records.helper.personId))
  const over = { openListingId: null, decidedAt: clock.now, decidedByPersonId: clerk.personId, decisionNote: '看过' }
  await db.creditAppeal.updateMany({ data: { state: 'rejected', ...over } })
  await appealListing(db, records.helper.actor, records.creditListing.id, { id: randomUUID(), text: RISKY }, clock.now)
  const door = await atDoor(world)
  world.emulator.loginCode(await world.withWechat(door.helper.personId))
  const visitId = await door.served(5, 1)
  await door.answer(visitId, 'yes')
  const said = { id: randomUUID(), code: 'E04' as const, reasonCode: 'quick' as const, note: RISKY }
  await explain(db, door.helper.actor, visitId, said, clock.now)
  const returned = { id: randomUUID(), decision: 'return' as const, visitIds: [visitId], reasonCode: 'notThisLong' }
  await decideVisits(db, auditor, returned, clock.now)
  await appeal(
    db,
    door.helper.actor,
    visitId,
    { id: randomUUID(), reasonCode: 'reallyThisLong', note: RISKY },
    clock.now,
  )
  await give(db, helper.actor, given(RISKY), clock.now)

  const queued = (await db.textCheck.findMany()).map(({ kind, state }) => `${kind} ${state}`)
  const all = ['appeal', 'creditAppeal', 'giftNote', 'helperNote', 'organisation', 'product']
  expect(queued.sort()).toEqual(all.map((kind) => `${kind} waiting`))
  await check()
  expect(await db.textCheck.count({ where: { state: 'hidden' } })).toBe(6)
  const seen = JSON.stringify([
    await showVisit(db, keys, auditor, visitId, clock.now),
    await showVisit(db, keys, door.helper.actor, visitId, clock.now),
    await listAppeals(db, keys, auditor, { limit: 50, state: 'waiting' }, clock.now),
    await listGifts(db, keys, clerk, { limit: 50 }),
    (await catalogue(db, keys, helper.actor, undefined, clock.now)).offers,
  ])
  expect(seen).not.toContain(RISKY)
  expect(seen).toContain(HIDDEN_TEXT)

  // written anew it is another text, and goes there again
  await changeProduct(db, admin, soap, product('肥皂'), clock.now)
  expect(await db.textCheck.findUniqueOrThrow({ where: { id: soap } })).toMatchObject({ state: 'waiting', tries: 0 })
  await check()
  expect((await catalogue(db, keys, helper.actor, undefined, clock.now)).offers.map((one) => one.name)).toContain(
    '肥皂',
  )
})
