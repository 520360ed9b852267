// Each promise of the books, broken by somebody who took the guards off: the audit says which, and which row.
import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test, vi } from 'vitest'
import type { Db } from '../../server/core/db'
import { issuanceAccount, openAccount, systemAccount } from '../../server/ledger/accounts'
import type { Problem } from '../../server/ledger/books'
import { hold, post, postHold, reverse } from '../../server/ledger/post'
import { askFor, decideOn } from '../../server/ledger/request'
import { transferRegion } from '../../server/ledger/transfer'
import { auditAll } from '../../server/proof/audit'
import { signCheckpoints } from '../../server/proof/keep'
import { newShop, type Shop } from '../redemption/shop'
import { unguard } from '../support/forge'
import { serveWorld } from '../support/world'

vi.setConfig({ testTimeout: 120_000 })

const TABLES = [
  'ledger_account',
  'ledger_transaction',
  'ledger_entry',
  'ledger_lot_use',
  'ledger_decision',
  'log_leaf',
  'log_checkpoint',
]

/** Points earned, held, posted, reversed, granted, corrected by hand and moved to another county. */
async function busyCounty() {
  const shop = await newShop({ left: 5, priceMilliPoints: 2000n })
  const { db, clock, programmeId, places } = shop
  const at = clock.now
  const helper = await shop.richMember(9000n)
  const { ask } = await serveWorld(shop)
  expect((await ask(helper.actor, 'POST', '/redemptions', shop.wish())).status).toBe(201)
  const li = await shop.accountOf(helper.personId)
  const by = () => ({ id: randomUUID(), byId: 'test', explanation: {}, happenedAt: at })
  const other = await db.programme.create({
    data: { id: randomUUID(), regionId: places.otherCounty.id, code: 'other', name: '环翠互助' },
  })
  await db.$transaction(async (tx) => {
    const issuance = await issuanceAccount(tx, programmeId)
    const earned = { ...by(), programmeId, kind: 'EARN', refType: 'test', refId: 'earned', revision: 0 }
    const postings = [
      { accountId: issuance, milliPoints: -500n },
      { accountId: li, milliPoints: 500n },
    ]
    await post(tx, [{ ...earned, postings }], at)
    await reverse(tx, { ...by(), transactionId: earned.id }, at)
    const held = { ...by(), programmeId, refType: 'order', refId: 'held', until: at, accountId: li, milliPoints: 300n }
    await hold(tx, held, at)
    await postHold(tx, { ...by(), holdId: held.id, to: await systemAccount(tx, programmeId, 'redemptionDue') }, at)
    const elsewhere = await openAccount(tx, other.id, 'member', at)
    const moving = { ...by(), from: li, to: elsewhere, milliPoints: 100n }
    await tx.ledgerRequest.create({
      data: {
        ...{ id: moving.id, programmeId, kind: 'TRANSFER_REGION', accountId: li, reason: '搬家', regionPath: '/' },
        ...{ askedById: 'clerk', askedAt: at },
        decision: { create: { decision: 'approve', reason: '', byId: 'boss', at } },
      },
    })
    await transferRegion(tx, moving, at)
    for (const kind of ['MANUAL', 'GRANT']) {
      const request = {
        ...{ id: randomUUID(), programmeId, kind, accountId: li, milliPoints: 700_000n, transactionId: null },
        ...{ otherAccountId: null, detail: null, reason: '补记', evidenceHash: 'a'.repeat(64), beneficiaryId: null },
        ...{ regionPath: places.village.path, askedById: 'clerk' },
      }
      await askFor(tx, request, at)
      await decideOn(tx, { requestId: request.id, decision: 'approve', reason: '', byId: 'boss' }, at)
    }
  })
  return { shop, li, other }
}

const T = 'ledger_transaction'
type Break = [invariant: string, named: string, sql: string]
const UNSEALED: Break[] = [
  ['I1', T, `UPDATE ledger_transaction SET "entryCount" = 3 WHERE "refType" = 'transferOut'`],
  [
    'I2',
    'ledger_entry',
    `UPDATE ledger_account SET "lowestMilliPoints" = 8900 WHERE "id" = (
       SELECT "accountId" FROM ledger_entry WHERE "transactionId" = (SELECT "id" FROM ledger_transaction WHERE "kind" = 'TRANSFER_REGION' AND "refType" = 'transferOut') AND "no" = 1)`,
  ],
  [
    'I3',
    'ledger_account',
    `UPDATE ledger_account SET "pendingMilliPoints" = "pendingMilliPoints" + 1 WHERE "pendingMilliPoints" > 0`,
  ],
  ['I4', 'ledger_entry', `UPDATE ledger_entry SET "accountSeq" = 90 WHERE "accountSeq" = 2`],
  ['I6', T, `UPDATE ledger_transaction SET "revision" = 1 WHERE "kind" = 'EARN'`],
  ['I7', T, `UPDATE ledger_transaction SET "heldMilliPoints" = 299 WHERE "heldMilliPoints" = 300`],
  ['I8', 'ledger_entry', `UPDATE ledger_entry SET "lotMilliPoints" = 9001 WHERE "lotMilliPoints" = 9000`],
  [
    'I9',
    T,
    `UPDATE ledger_transaction SET "refId" = 'held', "refType" = 'redemption' WHERE "refId" = 'held' AND "kind" = 'HOLD'`,
  ],
  ['I9', 'idempotency', `UPDATE idempotency SET "answer" = '' WHERE "verb" = 'redeem'`],
  ['I9', 'idempotency', `UPDATE idempotency SET "key" = 'redeem:another' WHERE "verb" = 'redeem'`],
  [
    'I10',
    T,
    `UPDATE ledger_entry SET "no" = 12 - "no" WHERE "transactionId" = (SELECT "id" FROM ledger_transaction WHERE "kind" = 'REVERSE')`,
  ],
  [
    'I11',
    T,
    `UPDATE ledger_decision SET "decision" = 'reject' WHERE "requestId" = (SELECT "refId" FROM ledger_transaction WHERE "kind" = 'MANUAL')`,
  ],
  [
    'I11',
    T,
    `UPDATE ledger_decision SET "decision" = 'reject' WHERE "requestId" = (SELECT "refId" FROM ledger_transaction WHERE "kind" = 'GRANT' AND "refType" = 'request')`,
  ],
  ['I11', 'ledger_account', `UPDATE ledger_account SET "closedAt" = "openedAt" WHERE "kind" = 'recovery'`],
]

/** What an audit says of the books as they would be after a statement; the books stay as they are. */
async function problemAfter({ db, config }: Shop, sql: string) {
  let problem: Problem | null = null
  const back = new Error('taken back')
  const work = db.$transaction(
    async (tx) => {
      await tx.$executeRawUnsafe(sql)
      problem = (await auditAll(tx as unknown as Db, config.log)).problem
      throw back
    },
    { timeout: 60_000, maxWait: 60_000 },
  )
  await expect(work).rejects.toBe(back)
  return problem as Problem | null
}

let county: Awaited<ReturnType<typeof busyCounty>>
let sealed: Shop

beforeAll(async () => {
  county = await busyCounty()
  const { db, programmeId, clock, config } = county.shop
  await db.$transaction((tx) => openAccount(tx, programmeId, 'recovery', clock.now))
  expect((await auditAll(db, config.log)).problem).toBeNull()
  await unguard(db, TABLES)
  await db.$executeRawUnsafe('DROP INDEX "ledger_transaction_kind_refType_refId_revision_key"')
  sealed = (await busyCounty()).shop
  await signCheckpoints(sealed.parts, sealed.clock.now)
  expect((await auditAll(sealed.db, sealed.config.log)).problem).toBeNull()
  await unguard(sealed.db, TABLES)
})

test.each(UNSEALED)('%s is broken in %s, and the audit says so', async (invariant, named, sql) => {
  const problem = await problemAfter(county.shop, sql)
  expect(`${problem?.invariant} ${problem?.row}`).toMatch(new RegExp(`^${invariant} ${named} `))
})

const SEALED: Break[] = [
  ['I5', T, `UPDATE ledger_transaction SET "byId" = 'somebody' WHERE "kind" = 'EARN'`],
  ['I5', 'log_leaf', `UPDATE log_leaf SET "logIndex" = "logIndex" + 100 WHERE "logIndex" = 5`],
  ['I13', 'log_checkpoint', `UPDATE log_checkpoint SET "root" = "note" WHERE "size" > 3`],
]
test.each(SEALED)('%s is broken in %s, and the audit says so', async (invariant, named, sql) => {
  const problem = await problemAfter(sealed, sql)
  expect(`${problem?.invariant} ${problem?.row}`).toMatch(new RegExp(`^${invariant} ${named} `))
})

test('I12: what counties owe each other is settled by the end of the month, or the audit says so', async () => {
  const { db, config } = sealed
  const audit = async (at: string) => (await auditAll(db, config.log, undefined, new Date(at))).problem
  expect(await audit('2026-11-30T15:59:59.999Z')).toBeNull()
  expect(await audit('2026-11-30T16:00:00.000Z')).toMatchObject({ invariant: 'I12' })
})
