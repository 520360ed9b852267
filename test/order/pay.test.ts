import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { decideVisits } from '../../server/audit/decide'
import { decideComplaint } from '../../server/complaint/decide'
import { openComplaint } from '../../server/complaint/open'
import type { Actor } from '../../server/core/actor'
import type { Db } from '../../server/core/db'
import { auditLedger } from '../../server/ledger/audit'
import { bonus } from '../../server/ledger/grant'
import { accountOfPerson } from '../../server/member/account'
import { accept } from '../../server/order/accept'
import { cancel } from '../../server/order/cancel'
import { sendMarket } from '../../server/order/market'
import { findPrices, releasePayments } from '../../server/order/payment'
import { showOrder } from '../../server/order/queries'
import { tellUnattended } from '../../server/order/unattended'
import type { SchemeDocument } from '../../shared/scheme/document'
import { provider } from '../support/database'
import { atDoor, HOME, refusalOf } from '../support/door'
import { unguard } from '../support/forge'
import { asker, orderOf } from '../support/orders'
import { newWorld, SIMPLE } from '../support/world'

const HOURLY: SchemeDocument['redeem'] = { kinds: ['service'], serviceHourMilliPoints: 10_000 }

/** An elder with points, a helper of the village, and rules that sell an hour of help for ten points. */
async function neighbours(redeem: SchemeDocument['redeem'] = HOURLY, points = 25, more: Partial<SchemeDocument> = {}) {
  const document: SchemeDocument = { ...SIMPLE, ...more, redeem }
  const world = await newWorld({ scheme: document })
  const door = await atDoor(world, { homePoint: HOME })
  const { db, clock, programmeId } = world
  const { elder, helper } = door
  const credit = (personId: string, amount: number) =>
    db.$transaction(async (tx) => {
      const to = await accountOfPerson(tx, personId, programmeId, clock.now)
      const id = randomUUID()
      const about = { refType: 'referral', refId: id, happenedAt: clock.now, byId: 'test', explanation: {} }
      await bonus(tx, { id, ...about, to, milliPoints: BigInt(amount) * 1000n, expiresAt: null }, clock.now)
    })
  if (points > 0) await credit(elder.personId, points)
  const asked = (payer?: 'elder' | 'me', by: Actor = elder.actor) =>
    asker(world, elder.id).ask(by, { ...(payer === undefined ? {} : { payer }) })
  const book = async (personId: string) => {
    const row = await db.personAccount.findFirst({ where: { personId } })
    const account = await db.ledgerAccount.findUnique({ where: { id: row?.accountId ?? '' } })
    return [Number(account?.postedMilliPoints ?? 0n) / 1000, Number(account?.pendingMilliPoints ?? 0n) / 1000]
  }
  const paymentOf = (orderId: string) => db.orderPayment.findUniqueOrThrow({ where: { orderId } })
  /** The helper takes it, comes for so many minutes and goes. */
  const helped = async (orderId: string, minutes: number) => {
    await accept(db, helper.actor, orderId, clock.now)
    const { id } = await door.begin({
      orderId,
      place: { lat: 37.0005, lon: 122.08, accuracyMetres: 15, datum: 'WGS-84' },
    })
    world.later(minutes * 60)
    await door.end(id, {
      code: door.plate.code,
      place: { lat: 37.0005, lon: 122.08, accuracyMetres: 15, datum: 'WGS-84' },
    })
    return id
  }
  const sound = async () => expect((await auditLedger(db)).problem).toBeNull()
  return { world, ...door, db, clock, credit, asked, book, paymentOf, helped, sound }
}

describe('help that is paid with points', () => {
  test('is promised when it is asked for, and goes to the helper with the elder’s yes; nothing is issued', async () => {
    const { asked, book, elder, helper, helped, answer, visitOf, kindsOnBooks, paymentOf, world, db, sound } =
      await neighbours()
    const order = await asked('elder')
    expect(await book(elder.personId)).toEqual([25, 10])
    const shown = await showOrder(db, world.keys, helper.actor, order, world.clock.now)
    expect(shown.payment).toMatchObject({ state: 'held', heldMilliPoints: '10000' })
    const visit = await helped(order, 60)
    expect((await visitOf(visit)).expectedMilliPoints).toBe(10_000n)
    expect(await book(helper.personId)).toEqual([0, 0])
    await answer(visit, 'yes')
    expect([await book(elder.personId), await book(helper.personId)]).toEqual([
      [15, 0],
      [10, 0],
    ])
    expect(await kindsOnBooks(visit)).toEqual(['PAY'])
    expect(await paymentOf(order)).toMatchObject({ state: 'paid', paidMilliPoints: 10_000n, visitId: visit })
    const { formula } = JSON.parse((await visitOf(visit)).explanation ?? '{}') as { formula: string }
    expect(formula).toBe('说好 10 分，说好 60 分钟，做了 60 分钟 = 10 分')
    await sound()
  })

  test('costs its share of the time, never more than was promised; the rest is free again', async () => {
    const { asked, book, elder, helper, helped, answer } = await neighbours()
    await answer(await helped(await asked('elder'), 45), 'yes')
    expect([await book(elder.personId), await book(helper.personId)]).toEqual([
      [17.5, 0],
      [7.5, 0],
    ])
    await answer(await helped(await asked('elder'), 100), 'yes')
    expect([await book(elder.personId), await book(helper.personId)]).toEqual([
      [7.5, 0],
      [17.5, 0],
    ])
  })

  test('is refused without enough points, where the rules sell none, and to who may not spend them', async () => {
    const poor = await neighbours(HOURLY, 9)
    expect(await refusalOf(poor.asked('elder'))).toBe('POINTS_NOT_ENOUGH')
    expect(await poor.db.order.count()).toBe(0)
    const clerk = await poor.world.staff('villageStaff')
    expect(await refusalOf(poor.asked('elder', clerk))).toBe('NOT_ALLOWED')
    const proxy = await poor.world.proxy(poor.elder.id, { scopes: 'confirm,ask' })
    expect(await refusalOf(poor.asked('elder', proxy))).toBe('NOT_ALLOWED')
    const none = await neighbours({ kinds: ['goods'] })
    expect(await refusalOf(none.asked('elder'))).toBe('PAY_CLOSED')
    expect(await refusalOf(none.asked())).toBeNull()
  })

  test('may be had before it is earned where the rules allow an overdraft', async () => {
    const { asked, book, elder, helped, answer, sound } = await neighbours(HOURLY, 0, { overdraftMilliPoints: 10_000 })
    await answer(await helped(await asked('elder'), 60), 'yes')
    expect(await book(elder.personId)).toEqual([-10, 0])
    expect(await refusalOf(asked('elder'))).toBe('POINTS_NOT_ENOUGH')
    await sound()
  })

  test('of two asked for at once only what the account holds is promised', async () => {
    const { asked, book, elder } = await neighbours(HOURLY, 15)
    const codes = await Promise.all([refusalOf(asked('elder')), refusalOf(asked('elder'))])
    expect(codes.sort()).toEqual(['POINTS_NOT_ENOUGH', null])
    expect(await book(elder.personId)).toEqual([15, 10])
  })

  test('is free again when it is cancelled, or when its time is over and nobody came', async () => {
    const { asked, book, elder, db, clock, world, paymentOf, sound } = await neighbours()
    const first = await asked('elder')
    await cancel(db, elder.actor, first, { reason: 'notNeeded' }, clock.now)
    expect(await book(elder.personId)).toEqual([25, 0])
    const second = await asked('elder')
    expect(await releasePayments(db, clock.now)).toBe(0)
    const late = world.at('00:10', '2026-12-07')
    expect([await releasePayments(db, late), await releasePayments(db, late)]).toEqual([1, 0])
    expect(await book(elder.personId)).toEqual([25, 0])
    expect([(await paymentOf(second)).state, (await orderOf(world, second)).state]).toEqual(['freed', 'cancelled'])
    expect(await db.notice.findMany({ where: { kind: 'paymentFreed' } })).toMatchObject([{ personId: elder.personId }])
    await sound()
  })

  test('waits for a visit whose answer is late, and is free when the visit is returned', async () => {
    const { asked, book, elder, helped, answer, db, clock, world, paymentOf } = await neighbours()
    const order = await asked('elder')
    const visit = await helped(order, 60)
    await answer(visit, 'no')
    world.at('00:10', '2026-12-07')
    expect(await releasePayments(db, clock.now)).toBe(0)
    const auditor = await world.staff('townAuditor', world.places.town)
    const input = { id: randomUUID(), visitIds: [visit], decision: 'return' as const, reasonCode: 'complaint' }
    await decideVisits(db, auditor, input, clock.now)
    expect(await releasePayments(db, clock.now)).toBe(1)
    expect([await book(elder.personId), (await paymentOf(order)).state]).toEqual([[25, 0], 'freed'])
  })

  test('comes back with a no, and is paid again with a yes after all', async () => {
    const { asked, book, elder, helper, helped, answer, world, kindsOnBooks, paymentOf, sound } = await neighbours()
    const order = await asked('elder')
    const visit = await helped(order, 60)
    await answer(visit, 'yes')
    world.later(60)
    await answer(visit, 'no')
    expect([await book(elder.personId), await book(helper.personId)]).toEqual([
      [25, 0],
      [0, 0],
    ])
    expect((await paymentOf(order)).state).toBe('freed')
    world.later(60)
    await answer(visit, 'yes')
    expect([await book(elder.personId), await book(helper.personId)]).toEqual([
      [15, 0],
      [10, 0],
    ])
    expect(await kindsOnBooks(visit)).toEqual(['PAY', 'PAY', 'REVERSE'])
    await sound()
  })

  test('too short a visit is worth nothing and frees what was promised', async () => {
    const { asked, book, elder, helper, helped, answer, visitOf } = await neighbours()
    const visit = await helped(await asked('elder'), 10)
    await answer(visit, 'yes')
    expect([await book(elder.personId), await book(helper.personId)]).toEqual([
      [25, 0],
      [0, 0],
    ])
    expect((await visitOf(visit)).awardedMilliPoints).toBe(0n)
  })

  test('has a price of its own where the rules list one (成都郫都)', async () => {
    const { asked, book, elder, helped, answer } = await neighbours({
      kinds: ['service'],
      prices: [{ item: 'cleaning', milliPoints: 20_000 }],
    })
    await answer(await helped(await asked('elder'), 20), 'yes')
    expect(await book(elder.personId)).toEqual([5, 0])
  })

  test('counts among what may be redeemed in a quarter', async () => {
    const { asked, db, elder, clock } = await neighbours({ ...HOURLY, timesPerQuarter: 1 })
    const order = await asked('elder')
    expect(await refusalOf(asked('elder'))).toBe('QUARTER_USED')
    await cancel(db, elder.actor, order, { reason: 'notNeeded' }, clock.now)
    expect(await refusalOf(asked('elder'))).toBeNull()
  })
})

describe('a relative’s points', () => {
  const GULOU: SchemeDocument['redeem'] = { ...HOURLY, fromAge: 60, relations: ['parent'] }

  test('pay for an elder who is kin as the rules want it, and nobody is paid with his own', async () => {
    const { world, db, clock, elder, helper, asked, credit, book } = await neighbours(GULOU)
    await credit(helper.personId, 30)
    await world.proxy(elder.id, { personId: helper.personId })
    const daughter = await world.actorOf(helper.personId)
    expect(await refusalOf(asked('me', daughter))).toBe('NOT_ALLOWED')
    await db.kin.create({
      data: {
        ...{ id: randomUUID(), personId: daughter.personId, otherPersonId: elder.personId, relation: 'parent' },
        ...{ pair: 'p', regionPath: elder.regionPath, state: 'confirmed', declaredByPersonId: daughter.personId },
        ...{ declaredAt: clock.now, confirmedByPersonId: elder.personId, confirmedAt: clock.now },
      },
    })
    // 鼓楼 without 本人: the elder's own points may not.
    expect(await refusalOf(asked('elder'))).toBe('RELATION')
    const order = await asked('me', daughter)
    expect([await book(daughter.personId), await book(elder.personId)]).toEqual([
      [30, 10],
      [25, 0],
    ])
    expect(await refusalOf(accept(db, daughter, order, clock.now))).toBe('SELF_SERVICE')
    const { prices, payers } = await findPrices(db, daughter, elder, clock.now)
    expect(prices).toEqual([{ serviceId: world.service.id, milliPoints: '10000' }])
    expect(payers.map((one) => [one.payer, one.availableMilliPoints, one.whyNotSentence])).toEqual([
      ['elder', '25000', '规则不允许给这种关系的人'],
      ['me', '20000', null],
    ])
  })
})

describe('what nobody takes', () => {
  test('is told to the nearest staff, and may go to a business where the rules say so (南京鼓楼)', async () => {
    const { world, db, asked, book, elder, clock, sound } = await neighbours({
      ...HOURLY,
      whenNobodyTakes: 'marketService',
    })
    const clerk = await world.staff('villageStaff')
    const order = await asked('elder')
    const send = () => sendMarket(db, clerk, order, { provider: '好邻家政', costFen: 6000 }, clock.now)
    expect(await refusalOf(send())).toBe('MARKET_EARLY')
    const { staffFrom } = await orderOf(world, order)
    clock.now = staffFrom
    expect([await tellUnattended(db, clock.now), await tellUnattended(db, clock.now)]).toEqual([1, 0])
    await send()
    await send()
    expect([await book(elder.personId), (await orderOf(world, order)).state]).toEqual([[15, 0], 'done'])
    const due = await db.ledgerAccount.findFirstOrThrow({ where: { kind: 'redemptionDue' } })
    expect(due.postedMilliPoints).toBe(10_000n)
    const other = await world.staff('villageStaff', world.places.village2)
    expect(await refusalOf(sendMarket(db, other, order, { provider: 'x', costFen: 0 }, clock.now))).toBe('NOT_FOUND')
    await sound()
  })

  test('waits where the rules know no market', async () => {
    const { world, db, asked, clock } = await neighbours()
    const clerk = await world.staff('villageStaff')
    const order = await asked('elder')
    clock.now = (await orderOf(world, order)).staffFrom
    expect(await refusalOf(sendMarket(db, clerk, order, { provider: '好邻家政', costFen: 6000 }, clock.now))).toBe(
      'MARKET_CLOSED',
    )
  })
})

test('whatever single value of a promise, a market service or a complaint is changed, the audit names the row', {
  timeout: 300_000,
}, async () => {
  const given = await neighbours({ ...HOURLY, whenNobodyTakes: 'marketService' }, 60)
  const { world, db, asked, helped, answer, elder, clock } = given
  const clerk = await world.staff('villageStaff')
  const auditor = await world.staff('townAuditor', world.places.town)
  const market = await asked('elder')
  clock.now = (await orderOf(world, market)).staffFrom
  await sendMarket(db, clerk, market, { provider: '好邻家政', costFen: 6000 }, clock.now)
  const visits: string[] = []
  for (const order of [await asked('elder'), await asked('elder')]) {
    const visit = await helped(order, 60)
    await answer(visit, 'yes')
    visits.push(visit)
  }
  const held = await asked('elder')
  const freed = await asked('elder')
  await cancel(db, elder.actor, freed, { reason: 'notNeeded' }, clock.now)
  const complain = (visitId = '') =>
    openComplaint(db, elder.actor, { id: randomUUID(), visitId, kind: 'manner' }, clock.now)
  const decided = await complain(visits[0])
  await decideComplaint(db, auditor, decided.id, { id: randomUUID(), decision: 'dismiss', reason: '问过' }, clock.now)
  const open = await complain(visits[1])
  expect((await auditLedger(db)).problem).toBeNull()

  const ROWS: [table: string, key: string, ids: string[], columns: Record<string, string>][] = [
    [
      'order_payment',
      'orderId',
      [market, held, freed, (await orderOfVisit(db, visits[0] ?? '')) ?? ''],
      {
        programmeId: `'other'`,
        payerPersonId: `'other'`,
        accountId: `'other'`,
        relation: `'friend'`,
        holdId: `'other'`,
        heldMilliPoints: '"heldMilliPoints" + 1',
        plannedSeconds: '60',
        heldAt: later('"heldAt"'),
        heldUntil: later('"heldUntil"'),
        state: `CASE WHEN "state" = 'held' THEN 'freed' ELSE 'held' END`,
        paidMilliPoints: '"paidMilliPoints" + 1',
        visitId: `'other'`,
      },
    ],
    [
      'order_market',
      'orderId',
      [market],
      { provider: `'别家'`, costFen: '1', byPersonId: `'other'`, at: later('"at"') },
    ],
    [
      'complaint',
      'id',
      [decided.id, open.id],
      {
        visitId: `'other'`,
        helperPersonId: `'other'`,
        regionPath: `'/1/'`,
        kind: `'money'`,
        openedByPersonId: `'other'`,
        openedAt: later('"openedAt"'),
        state: `CASE WHEN "state" = 'open' THEN 'upheld' ELSE 'open' END`,
        reason: `'别的'`,
        freezeId: `'other'`,
        frozenMilliPoints: '"frozenMilliPoints" + 1',
      },
    ],
    ['complaint', 'id', [open.id], { openVisitId: `'other'` }],
    ['complaint', 'id', [decided.id], { decidedByPersonId: `'other'`, decidedAt: later('"decidedAt"') }],
  ]
  await unguard(db, ['order_payment', 'order_market', 'complaint'])
  const unseen: string[] = []
  for (const [table, key, ids, columns] of ROWS)
    for (const id of ids)
      for (const [column, to] of Object.entries(columns)) {
        await db.$executeRawUnsafe(`CREATE TABLE kept AS SELECT * FROM ${table} WHERE "${key}" = '${id}'`)
        await db.$executeRawUnsafe(`UPDATE ${table} SET "${column}" = ${to} WHERE "${key}" = '${id}'`)
        const { problem } = await auditLedger(db)
        if (problem?.row !== `${table} ${id}`) unseen.push(`${table}.${column} of ${id}: ${JSON.stringify(problem)}`)
        await db.$executeRawUnsafe(
          `UPDATE ${table} SET "${column}" = (SELECT "${column}" FROM kept) WHERE "${key}" = '${id}'`,
        )
        await db.$executeRawUnsafe('DROP TABLE kept')
      }
  expect(unseen).toEqual([])
  expect((await auditLedger(db)).problem).toBeNull()
})

const later = (column: string) =>
  provider() === 'sqlite'
    ? `strftime('%Y-%m-%dT%H:%M:%S.000+00:00', ${column}, '+1 hour')`
    : `${column} + INTERVAL '1 hour'`

const orderOfVisit = async (db: Db, id: string) => (await db.visit.findUniqueOrThrow({ where: { id } })).orderId
