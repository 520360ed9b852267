// Whatever is asked of the books that can't be: one code, one sentence, and not a row more than before.
import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test, vi } from 'vitest'
import type { Tx } from '../../server/core/db'
import { issuanceAccount, openAccount, systemAccount } from '../../server/ledger/accounts'
import { close } from '../../server/ledger/close'
import { freeze } from '../../server/ledger/freeze'
import { gift } from '../../server/ledger/gift'
import { importBalances } from '../../server/ledger/import'
import { type Draft, hold, post, postHold, reverse } from '../../server/ledger/post'
import { transferRegion } from '../../server/ledger/transfer'
import { REFUSALS, type RefusalCode } from '../../shared/core/refusals'
import { addSeconds } from '../../shared/core/time'
import { newShop, type Shop } from '../redemption/shop'
import { provider } from '../support/database'
import { refusal } from '../support/refusal'
import { type Answer, serveWorld } from '../support/world'

vi.setConfig({ testTimeout: 120_000 })

const ABOVE = 2n ** 53n + 1n

type Stage = Awaited<ReturnType<typeof newStage>>
let stage: Stage

/** Somebody with points, somebody who left, somebody of another programme, a hold, and staff who may ask. */
async function newStage() {
  const shop: Shop = await newShop({ left: 5, priceMilliPoints: 2000n })
  const { db, clock, programmeId, places } = shop
  const { ask } = await serveWorld(shop)
  const helper = await shop.richMember(8000n)
  const boss = await shop.staff('countyAdmin', places.county)
  const poor = (await shop.member()).actor
  const inTx = <T>(work: (tx: Tx) => Promise<T>) => db.$transaction(work)
  const li = await shop.accountOf(helper.personId)
  const wang = await shop.accountOf((await shop.member()).personId)
  const gone = await shop.accountOf((await shop.member()).personId)
  const about = { refType: 'test', refId: randomUUID(), byId: 'test', explanation: {} }
  await inTx((tx) => close(tx, { ...about, id: randomUUID(), accountId: gone, to: null }, clock.now))
  const otherProgrammeId = randomUUID()
  await db.programme.create({
    data: { id: otherProgrammeId, regionId: places.otherCounty.id, code: 'other', name: '环翠互助' },
  })
  const elsewhere = await inTx((tx) => openAccount(tx, otherProgrammeId, 'member', clock.now))
  const [issuance, due] = await inTx(async (tx) => [
    await issuanceAccount(tx, programmeId),
    await systemAccount(tx, programmeId, 'redemptionDue'),
  ])
  const by = () => ({ id: randomUUID(), byId: 'test', explanation: {}, happenedAt: clock.now })
  const held = { ...by(), programmeId, refType: 'redemption', refId: randomUUID(), until: addSeconds(clock.now, 3600) }
  await inTx((tx) => hold(tx, { ...held, accountId: li, milliPoints: 100n }, clock.now))
  const names = await namesOfTables(db)
  const counts = names
    .map((name) => `SELECT '${name}' AS "name", COUNT(*) AS "rows" FROM "${name}"`)
    .join(' UNION ALL ')
  const rows = async () => ({
    counted: (await db.$queryRawUnsafe<{ name: string; rows: bigint | number }[]>(counts)).map(
      ({ name, rows: count }) => `${name} ${count}`,
    ),
    accounts: await db.ledgerAccount.findMany({ orderBy: { id: 'asc' } }),
  })
  for (const who of [boss, poor, helper.actor]) await ask(who, 'GET', '/me') // sessions are rows too
  return {
    ...{ shop, db, clock, programmeId, otherProgrammeId, ask, inTx, helper, boss, poor },
    ...{ li, wang, gone, elsewhere, issuance, due, held, by, rows },
  }
}

async function namesOfTables(db: Shop['db']): Promise<string[]> {
  const rows =
    provider() === 'postgresql'
      ? await db.$queryRaw<{ name: string }[]>`
          SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY 1`
      : await db.$queryRaw<{ name: string }[]>`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1`
  return rows.map((row) => row.name)
}

beforeAll(async () => {
  stage = await newStage()
})

const moving = (
  { by, programmeId, issuance }: Stage,
  to: string,
  milliPoints: bigint,
  more: Partial<Draft> = {},
): Draft => ({
  ...{ ...by(), programmeId, kind: 'EARN', refType: 'visit', refId: randomUUID(), revision: 0 },
  postings: [
    { accountId: issuance, milliPoints: -milliPoints },
    { accountId: to, milliPoints },
  ],
  ...more,
})
const giving = ({ by, li }: Stage, to: string, milliPoints: bigint) => ({
  ...{ ...by(), refType: 'test', refId: randomUUID(), from: li, to, milliPoints },
})

type Request = [sentence: string, code: RefusalCode, ask: (stage: Stage) => Promise<Answer<{ code: string }>>]
const grant = (more: object) => (s: Stage) =>
  s.ask<{ code: string }>(s.boss, 'POST', '/point-requests', {
    ...{ id: randomUUID(), kind: 'GRANT', accountId: s.li, milliPoints: '1000', reason: '慰问', ...more },
  })
const askedAs = (more: (s: Stage) => object) => (s: Stage) => grant(more(s))(s)
const REQUESTS: Request[] = [
  ['a grant of 0', 'AMOUNT', grant({ milliPoints: '0' })],
  ['a grant below zero', 'AMOUNT', grant({ milliPoints: '-1000' })],
  ['a grant above 2⁵³', 'AMOUNT', grant({ milliPoints: String(ABOVE) })],
  ['half a milli-point', 'AMOUNT', grant({ milliPoints: '0.5' })],
  ['a power of ten', 'AMOUNT', grant({ milliPoints: '1e3' })],
  ['a number that is no text', 'REQUIRED', grant({ milliPoints: 1000.5 })],
  ['an empty amount', 'AMOUNT', grant({ milliPoints: '' })],
  ['a grant to nobody', 'NOT_FOUND', grant({ accountId: randomUUID() })],
  ['a grant to who left', 'ACCOUNT_CLOSED', askedAs((s) => ({ accountId: s.gone }))],
  [
    'an heir in another programme',
    'PROGRAMME_MIXED',
    askedAs((s) => ({ kind: 'CLOSE', accountId: s.wang, counterpart: 'heir', heirAccountId: s.elsewhere })),
  ],
  [
    'an heir who is no person',
    'ACCOUNT_UNKNOWN',
    askedAs((s) => ({ kind: 'CLOSE', accountId: s.wang, counterpart: 'heir', heirAccountId: s.due })),
  ],
  [
    'an heir nobody knows',
    'ACCOUNT_UNKNOWN',
    askedAs((s) => ({ kind: 'CLOSE', accountId: s.wang, counterpart: 'heir', heirAccountId: randomUUID() })),
  ],
  ['a county nobody knows', 'NOT_FOUND', grant({ kind: 'TRANSFER_REGION', toProgrammeId: randomUUID() })],
  [
    'a move to where one is',
    'PROGRAMME_MIXED',
    askedAs((s) => ({ kind: 'TRANSFER_REGION', toProgrammeId: s.programmeId })),
  ],
  [
    'an import of nothing',
    'AMOUNT',
    (s) => s.ask(s.boss, 'POST', '/point-imports', importOf(s, { totalMilliPoints: '0' })),
  ],
  [
    'an import of half a milli-point',
    'AMOUNT',
    (s) => s.ask(s.boss, 'POST', '/point-imports', importOf(s, {}, { milliPoints: '0.5' })),
  ],
  [
    'an import of a row of 0',
    'AMOUNT',
    (s) => s.ask(s.boss, 'POST', '/point-imports', importOf(s, {}, { milliPoints: '0' })),
  ],
  [
    'an import from tomorrow',
    'DATE_IN_FUTURE',
    (s) => s.ask(s.boss, 'POST', '/point-imports', importOf(s, {}, { earnedDay: '2026-11-23' })),
  ],
  [
    'an import for nobody',
    'NOT_FOUND',
    (s) => s.ask(s.boss, 'POST', '/point-imports', importOf(s, {}, { memberId: randomUUID() })),
  ],
  [
    'an import into another county',
    'NOT_FOUND',
    (s) => s.ask(s.boss, 'POST', '/point-imports', importOf(s, { programmeId: s.otherProgrammeId })),
  ],
  [
    'something for points that are not there',
    'POINTS_NOT_ENOUGH',
    (s) => s.ask(s.poor, 'POST', '/redemptions', s.shop.wish()),
  ],
]
const importOf = (s: Stage, more: object, row: object = {}) => ({
  ...{
    id: randomUUID(),
    programmeId: s.programmeId,
    totalMilliPoints: '1000',
    reason: '旧系统',
    evidenceHash: 'a'.repeat(64),
  },
  rows: [{ memberId: s.helper.id, milliPoints: '1000', earnedDay: '2026-11-01', source: '第 1 行', ...row }],
  ...more,
})

test.each(REQUESTS)('over the wire, %s: %s with its sentence, and nothing is written', async (_, code, asked) => {
  const before = await stage.rows()
  const answer = await asked(stage)
  expect([answer.status, answer.body]).toMatchObject([REFUSALS[code][0], { code, sentence: REFUSALS[code][1] }])
  expect(await stage.rows()).toEqual(before)
})

type Case = [sentence: string, code: RefusalCode, work: (stage: Stage, tx: Tx) => Promise<unknown>]
const VERBS: Case[] = [
  ['a posting of 0', 'AMOUNT', (s, tx) => post(tx, [moving(s, s.li, 0n)], s.clock.now)],
  ['a posting above 2⁵³', 'AMOUNT', (s, tx) => post(tx, [moving(s, s.li, ABOVE)], s.clock.now)],
  ['a posting below −2⁵³', 'AMOUNT', (s, tx) => post(tx, [moving(s, s.li, -ABOVE)], s.clock.now)],
  [
    'a posting below zero to who has nothing',
    'POINTS_NOT_ENOUGH',
    (s, tx) => post(tx, [moving(s, s.wang, -1n)], s.clock.now),
  ],
  ['a gift of 0', 'AMOUNT', (s, tx) => gift(tx, giving(s, s.wang, 0n), s.clock.now)],
  ['a gift below zero', 'AMOUNT', (s, tx) => gift(tx, giving(s, s.wang, -5n), s.clock.now)],
  ['a gift above 2⁵³', 'AMOUNT', (s, tx) => gift(tx, giving(s, s.wang, ABOVE), s.clock.now)],
  ['a gift to oneself', 'AMOUNT', (s, tx) => gift(tx, giving(s, s.li, 5n), s.clock.now)],
  ['a gift to nobody', 'ACCOUNT_UNKNOWN', (s, tx) => gift(tx, giving(s, randomUUID(), 5n), s.clock.now)],
  ['a gift to who left', 'ACCOUNT_CLOSED', (s, tx) => gift(tx, giving(s, s.gone, 5n), s.clock.now)],
  ['a gift to another programme', 'PROGRAMME_MIXED', (s, tx) => gift(tx, giving(s, s.elsewhere, 5n), s.clock.now)],
  [
    'a gift by nobody',
    'ACCOUNT_UNKNOWN',
    (s, tx) => gift(tx, { ...giving(s, s.li, 5n), from: randomUUID() }, s.clock.now),
  ],
  [
    'a hold of 0',
    'AMOUNT',
    (s, tx) => hold(tx, { ...s.held, ...s.by(), accountId: s.li, milliPoints: 0n }, s.clock.now),
  ],
  [
    'a hold below zero',
    'AMOUNT',
    (s, tx) => hold(tx, { ...s.held, ...s.by(), accountId: s.li, milliPoints: -1n }, s.clock.now),
  ],
  [
    'a hold above 2⁵³',
    'AMOUNT',
    (s, tx) => hold(tx, { ...s.held, ...s.by(), accountId: s.li, milliPoints: ABOVE }, s.clock.now),
  ],
  [
    'a hold of who left',
    'ACCOUNT_CLOSED',
    (s, tx) => hold(tx, { ...s.held, ...s.by(), accountId: s.gone, milliPoints: 1n }, s.clock.now),
  ],
  [
    'a hold of nobody',
    'ACCOUNT_UNKNOWN',
    (s, tx) => hold(tx, { ...s.held, ...s.by(), accountId: randomUUID(), milliPoints: 1n }, s.clock.now),
  ],
  [
    'more than was held',
    'AMOUNT',
    (s, tx) => postHold(tx, { ...s.by(), holdId: s.held.id, to: s.due, milliPoints: 101n }, s.clock.now),
  ],
  [
    'less than nothing of a hold',
    'AMOUNT',
    (s, tx) => postHold(tx, { ...s.by(), holdId: s.held.id, to: s.due, milliPoints: -1n }, s.clock.now),
  ],
  [
    'a hold that goes to another programme',
    'PROGRAMME_MIXED',
    (s, tx) => postHold(tx, { ...s.by(), holdId: s.held.id, to: s.elsewhere }, s.clock.now),
  ],
  [
    'a reversal of nothing',
    'NOT_FOUND',
    (s, tx) => reverse(tx, { ...s.by(), transactionId: randomUUID() }, s.clock.now),
  ],
  ['a freeze of 0', 'AMOUNT', (s, tx) => freeze(tx, { ...giving(s, s.li, 0n), from: s.li }, s.clock.now)],
  [
    'a freeze of more than there is',
    'POINTS_NOT_ENOUGH',
    (s, tx) => freeze(tx, { ...giving(s, s.li, 9000n), from: s.li }, s.clock.now),
  ],
  [
    'a move of 0 to another county',
    'AMOUNT',
    (s, tx) => transferRegion(tx, { ...s.by(), from: s.li, to: s.elsewhere, milliPoints: 0n }, s.clock.now),
  ],
  [
    'a move to another county within one',
    'PROGRAMME_MIXED',
    (s, tx) => transferRegion(tx, { ...s.by(), from: s.li, to: s.wang, milliPoints: 5n }, s.clock.now),
  ],
  [
    'an import of 0',
    'AMOUNT',
    (s, tx) =>
      importBalances(
        tx,
        { importId: randomUUID(), programmeId: s.programmeId, totalMilliPoints: 0n, rows: [], byId: 'test' },
        s.clock.now,
      ),
  ],
  [
    'the closing of what is closed',
    'ACCOUNT_CLOSED',
    (s, tx) => close(tx, { ...giving(s, s.li, 1n), accountId: s.gone, to: null }, s.clock.now),
  ],
  [
    'the closing while something is held',
    'ACCOUNT_HELD',
    (s, tx) => close(tx, { ...giving(s, s.li, 1n), accountId: s.li, to: null }, s.clock.now),
  ],
  [
    'what has not happened yet',
    'CLOCK_WENT_BACK',
    (s, tx) => post(tx, [moving(s, s.li, 5n)], addSeconds(s.clock.now, -1)),
  ],
  [
    'a hold from later',
    'CLOCK_WENT_BACK',
    (s, tx) => hold(tx, { ...s.held, ...s.by(), accountId: s.li, milliPoints: 1n }, addSeconds(s.clock.now, -60)),
  ],
  [
    'what is taken after its time',
    'HOLD_EXPIRED',
    (s, tx) =>
      postHold(
        tx,
        { ...s.by(), holdId: s.held.id, to: s.due, happenedAt: addSeconds(s.clock.now, 3601) },
        addSeconds(s.clock.now, 3601),
      ),
  ],
]

test.each(VERBS)('the books refuse %s: %s, and nothing is written', async (_, code, work) => {
  const before = await stage.rows()
  expect(await refusal(stage.inTx((tx) => work(stage, tx)))).toBe(code)
  expect(await stage.rows()).toEqual(before)
})

test('one key with two bodies: the second is refused with 409, and nothing of it is written', async () => {
  const { ask, boss, helper, shop, li } = stage
  const first = { id: randomUUID(), kind: 'GRANT', accountId: li, milliPoints: '1000', reason: '慰问' }
  const wish = shop.wish()
  const rows = [{ memberId: helper.id, milliPoints: '1000', earnedDay: '2026-11-01', source: '第 1 行' }]
  const list = importOf(stage, { rows })
  const asked = [
    [boss, '/point-requests', first, { ...first, milliPoints: '1001' }],
    [boss, '/point-imports', list, { ...list, totalMilliPoints: '2000' }],
    [helper.actor, '/redemptions', wish, { ...wish, pointId: randomUUID() }],
  ] as const
  for (const [who, path, body, other] of asked) {
    expect([path, (await ask(who, 'POST', path, body)).status]).toEqual([path, 201])
    const before = await stage.rows()
    const answer = await ask<{ code: string }>(who, 'POST', path, other)
    expect([path, answer.status, answer.body.code]).toEqual([path, 409, 'IDEMPOTENCY_CONFLICT'])
    expect(await stage.rows()).toEqual(before)
  }
})

test('who ends before he began is refused, and nothing is written', async () => {
  const { shop, ask, helper } = stage
  const elder = await shop.elder()
  const { code } = await shop.plate(elder.id)
  const visit = {
    id: randomUUID(),
    code,
    elderIds: [elder.id],
    serviceId: shop.service.id,
    deviceAt: shop.clock.now.toISOString(),
  }
  expect((await ask(helper.actor, 'POST', '/visits', visit)).status).toBe(201)
  const before = await stage.rows()
  shop.later(-1)
  const end = { id: randomUUID(), code, tasksDone: [], deviceAt: shop.clock.now.toISOString() }
  const answer = await ask<{ code: string }>(helper.actor, 'POST', `/visits/${visit.id}/check-out`, end)
  expect([answer.status, answer.body.code]).toEqual([409, 'CLOCK_WENT_BACK'])
  expect(await stage.rows()).toEqual(before)
  shop.later(1)
})

test('a fraction of a milli-point, or more than 2⁵³ of them, is not written by raw SQL either', async () => {
  const { db, issuance, programmeId } = stage
  const insert = (amount: string) =>
    db.$executeRawUnsafe(
      `INSERT INTO ledger_entry ("transactionId", "no", "programmeId", "accountId", "amountMilliPoints") VALUES ('raw', 1, '${programmeId}', '${issuance}', ${amount})`,
    )
  const before = await stage.rows()
  for (const amount of ['0', String(ABOVE), `-${ABOVE}`]) await expect(insert(amount)).rejects.toThrow()
  // PostgreSQL's column is whole already; SQLite's takes what it is given
  await expect(insert(provider() === 'sqlite' ? '1.5' : `'1.5'`)).rejects.toThrow()
  expect(await stage.rows()).toEqual(before)
})
