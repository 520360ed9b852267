// The books against the model: whatever is done in whatever order; whatever is done at once; and the same on both databases.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { type Db, openDb } from '../../server/core/db'
import { idFrom } from '../../server/core/ids'
import { migrate } from '../../server/core/migrate'
import { issuanceAccount, openAccounts, systemAccount } from '../../server/ledger/accounts'
import { auditLedger } from '../../server/ledger/audit'
import { expire } from '../../server/ledger/expire'
import { freeze, unfreeze } from '../../server/ledger/freeze'
import { openLotsOf } from '../../server/ledger/lots'
import { hold, post, postHold, reverse, voidHold } from '../../server/ledger/post'
import { addSeconds } from '../../shared/core/time'
import { dropDatabaseAt, freshDatabase, provider } from '../support/database'
import { times } from '../support/long'
import { codesOf, NOON } from './books'
import { type Deed, deed, expected, type Model, newModel, PEOPLE, postedOf } from './model'

const PROGRAMME = 'programme'
const DAY = 86_400
const idOf = (...names: (string | number)[]) => idFrom(...names.map(String))
const person = (place: number) => idOf('person', place)
type Names = { hold: (place: number) => string; moved: (place: number) => string; freeze: (place: number) => string }

/** Three people in one programme, all ids given: the same deeds leave the same rows on every database. */
async function openBooks(db: Db) {
  return db.$transaction(async (tx) => {
    const people = Array.from({ length: PEOPLE }, (_, place) => person(place))
    await openAccounts(
      tx,
      people.map((id) => ({ id, programmeId: PROGRAMME, kind: 'member' as const, openedAt: NOON })),
    )
    return {
      issuance: await issuanceAccount(tx, PROGRAMME),
      due: await systemAccount(tx, PROGRAMME, 'redemptionDue'),
      frozen: await systemAccount(tx, PROGRAMME, 'frozen'),
      expired: await systemAccount(tx, PROGRAMME, 'expired'),
    }
  })
}
type Books = Awaited<ReturnType<typeof openBooks>>

/** Does on the books what the model was told. Answers the refusal, or ''. */
async function done(db: Db, books: Books, names: Names, day: number, one: Deed, id: string): Promise<string> {
  const at = addSeconds(NOON, day * DAY)
  const by = { id, byId: 'test', explanation: { formula: one.kind } }
  const move = (kind: string, from: string, to: string, milliPoints: bigint, expiresAt: Date | null = null) => {
    const postings = [
      { accountId: from, milliPoints: -milliPoints },
      { accountId: to, milliPoints, expiresAt },
    ]
    const reference = { programmeId: PROGRAMME, kind, refType: 'test', refId: id, revision: 0, happenedAt: at }
    return db.$transaction((tx) => post(tx, [{ ...by, ...reference, postings }], at))
  }
  const work = (): Promise<unknown> => {
    switch (one.kind) {
      case 'earn':
        return move(
          'EARN',
          books.issuance,
          person(one.who),
          one.amount,
          one.days === 0 ? null : addSeconds(NOON, (day + one.days) * DAY),
        )
      case 'give':
        return move('GIFT', person(one.who), person(one.to), one.amount)
      case 'hold': {
        const held = { programmeId: PROGRAMME, accountId: person(one.who), milliPoints: one.amount }
        const reference = { refType: 'redemption', refId: id, until: addSeconds(NOON, 400 * DAY), happenedAt: at }
        return db.$transaction((tx) => hold(tx, { ...by, ...held, ...reference }, at))
      }
      case 'freeze': {
        const reference = { refType: 'test', refId: id, milliPoints: one.amount, happenedAt: at }
        return db.$transaction((tx) => freeze(tx, { ...by, ...reference, from: person(one.who) }, at))
      }
      case 'unfreeze':
        return db.$transaction((tx) => unfreeze(tx, { ...by, transactionId: names.freeze(one.which) }, at))
      case 'postHold':
        return db.$transaction(async (tx) => {
          const held = await tx.ledgerTransaction.findUnique({ where: { id: names.hold(one.which) } })
          const milliPoints = ((held?.heldMilliPoints ?? 0n) * one.percent) / 100n
          const ask = { holdId: names.hold(one.which), to: books.due, milliPoints, happenedAt: at }
          await postHold(tx, { ...by, ...ask }, at)
        })
      case 'voidHold':
        return db.$transaction((tx) => voidHold(tx, { ...by, holdId: names.hold(one.which), happenedAt: at }, at))
      case 'reverse':
        return db.$transaction((tx) => reverse(tx, { ...by, transactionId: names.moved(one.which) }, at))
      case 'night':
        return db.$transaction((tx) => expire(tx, '', addSeconds(at, DAY)))
    }
  }
  // The model's people know better than to ask for these; the books would balance.
  if ((one.kind === 'earn' && one.amount < 0n) || (one.kind === 'give' && (one.amount < 0n || one.who === one.to)))
    return 'AMOUNT'
  const [code = ''] = await codesOf([work()])
  return code
}

const namesIn = (model: Model): Names => ({
  hold: (place) => model.holds[place]?.id ?? 'none',
  moved: (place) => model.moved[place]?.id ?? 'none',
  freeze: (place) => model.freezes[place]?.id ?? 'none',
})

/** What there is when all is done: balances, lots, and the leaves without their salted commitments. */
async function stateOf(db: Db) {
  const accounts = await db.ledgerAccount.findMany({ orderBy: { id: 'asc' } })
  const transactions = await db.ledgerTransaction.findMany({ orderBy: { id: 'asc' }, select: { leaf: true } })
  const lots = []
  for (let place = 0; place < PEOPLE; place++) lots.push(await openLotsOf(db, person(place)))
  return {
    accounts: accounts.map((one) => [
      one.id,
      one.kind,
      one.postedMilliPoints,
      one.pendingMilliPoints,
      one.seq,
      one.lotsFrom,
    ]),
    leaves: transactions.map(({ leaf }) => ({ ...(JSON.parse(leaf) as object), commitments: null })),
    lots,
  }
}

async function expectSame(db: Db, books: Books, model: Model) {
  const balance = async (id: string) => (await db.ledgerAccount.findUniqueOrThrow({ where: { id } })).postedMilliPoints
  for (let place = 0; place < PEOPLE; place++) {
    const account = await db.ledgerAccount.findUniqueOrThrow({ where: { id: person(place) } })
    expect([account.postedMilliPoints, account.pendingMilliPoints]).toEqual([
      postedOf(model, place),
      model.pending[place],
    ])
    const open = (await openLotsOf(db, person(place))).map((lot) => lot.milliPoints)
    expect(open).toEqual(model.lots[place]?.map((lot) => lot.left).filter((left) => left !== 0n))
  }
  expect([await balance(books.due), await balance(books.frozen)]).toEqual([model.due, model.frozen])
  const [sums] = await db.$queryRaw<{ owed: bigint; expired: bigint }[]>`
    SELECT (SELECT CAST(COALESCE(-SUM("postedMilliPoints"), 0) AS BIGINT) FROM ledger_account WHERE "kind" = 'recovery') AS "owed",
      (SELECT CAST(COALESCE(SUM("amountMilliPoints"), 0) AS BIGINT) FROM ledger_entry WHERE "accountId" = ${books.expired}) AS "expired"`
  expect([BigInt(sums?.owed ?? 0), BigInt(sums?.expired ?? 0)]).toEqual([model.owed, model.expired])
  expect((await auditLedger(db)).problem).toBeNull()
}

/** Works on a database that is gone afterwards. */
async function withDb<T>(url: string, work: (db: Db) => Promise<T>): Promise<T> {
  const db = openDb(url, { connections: 8 })
  try {
    return await work(db)
  } finally {
    await db.$disconnect()
    await dropDatabaseAt(url)
  }
}

async function runAll(db: Db, books: Books, deeds: readonly Deed[]): Promise<string[]> {
  const model = newModel()
  const codes: string[] = []
  for (const [place, one] of deeds.entries()) {
    const id = idOf('deed', place)
    const code = await done(db, books, namesIn(model), model.day, one, id)
    expect([place, one, code]).toEqual([place, one, expected(model, one, id)])
    codes.push(code)
  }
  await expectSame(db, books, model)
  return codes
}

/** Found by earlier runs: amounts whose product is above what a column holds; more that is over than one transaction moves. */
const FOUND: [Deed[]][] = [
  [
    [
      { kind: 'earn', who: 1, amount: 2n ** 53n, days: 0 },
      { kind: 'give', who: 1, to: 0, amount: 1n },
    ],
  ],
  [
    [
      { kind: 'earn', who: 0, amount: 2n ** 53n, days: 1 },
      { kind: 'earn', who: 0, amount: 1n, days: 1 },
      { kind: 'night' },
    ],
  ],
]

test('whatever is done in whatever order, the books do what the model says and stay right', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 5, maxLength: 40 }), async (deeds) => {
      await withDb(await freshDatabase(), async (db) => runAll(db, await openBooks(db), deeds))
    }),
    { numRuns: times(12, 20_000), examples: FOUND },
  )
}, 36_000_000)

/** Sent again with the same id these say that they were done; the others find what they resolved or undid. */
const SAID_TWICE: readonly Deed['kind'][] = ['earn', 'give', 'hold', 'freeze']
type Real = { db: Db; books: Books; scheduler: fc.Scheduler; asked: number; answered: Set<string>; turn: Promise<void> }

/**
 * Somebody asks for a deed, perhaps twice because no answer came. When each of the two arrives, before, between or after
 * those of the others, is the scheduler's to say; the books take them in the order they arrive, and so does the model.
 */
function asCommand(one: Deed, isSentTwice: boolean): fc.AsyncCommand<Model, Real> {
  return {
    check: () => true,
    toString: () =>
      `${isSentTwice ? 'twice ' : ''}${JSON.stringify(one, (_, value) => (typeof value === 'bigint' ? String(value) : value))}`,
    run: async (model, real) => {
      const id = idOf('deed', real.asked++)
      const arrive = async () => {
        const isKnown = real.answered.has(id) && SAID_TWICE.includes(one.kind)
        const code = await done(real.db, real.books, namesIn(model), model.day, one, id)
        const wanted = isKnown ? 'ALREADY_POSTED' : expected(model, one, id)
        expect([one, code]).toEqual([one, wanted])
        if (code === '') real.answered.add(id)
      }
      for (const time of one.kind === 'night' || !isSentTwice ? ['once'] : ['first', 'again'])
        void real.scheduler.schedule(Promise.resolve(), `${time} ${one.kind}`).then(() => {
          real.turn = real.turn.then(arrive)
        })
    },
  }
}

const commands = fc.commands([fc.tuple(deed, fc.boolean()).map(([one, isSentTwice]) => asCommand(one, isSentTwice))], {
  maxCommands: 40,
})

test('however requests and their repetitions overtake each other, each is done once, as the model says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), commands, async (scheduler, asked) => {
      await withDb(await freshDatabase(), async (db) => {
        const books = await openBooks(db)
        const [model, turn] = [newModel(), Promise.resolve()]
        const real: Real = { db, books, scheduler, asked: 0, answered: new Set(), turn }
        await fc.scheduledModelRun(scheduler, () => ({ model, real }), asked)
        await scheduler.waitIdle()
        await real.turn
        await expectSame(db, books, model)
      })
    }),
    { numRuns: times(8, 20_000) },
  )
}, 36_000_000)

test('whatever is done at once, nobody is below zero and the books stay right', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 10, maxLength: 30 }), async (deeds) => {
      await withDb(await freshDatabase(), async (db) => {
        const books = await openBooks(db)
        const model = newModel()
        const before: Deed[] = [0, 1, 2].flatMap((who): Deed[] => [
          { kind: 'earn', who, amount: 4000n, days: 1 },
          { kind: 'hold', who, amount: 1000n },
          { kind: 'freeze', who, amount: 500n },
        ])
        for (const [place, one] of before.entries()) {
          await done(db, books, namesIn(model), 0, one, idOf('before', place))
          expected(model, one, idOf('before', place))
        }

        await Promise.all(deeds.map((one) => done(db, books, namesIn(model), 0, one, randomUUID())))

        expect((await auditLedger(db)).problem).toBeNull()
      })
    }),
    { numRuns: times(4, 2000) },
  )
}, 36_000_000)

test('the same deeds leave the same refusals, balances, lots and leaves on SQLite and PostgreSQL', async () => {
  if (provider() !== 'postgresql') return
  const folder = mkdtempSync(join(tmpdir(), 'mulin-both-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 10, maxLength: 40 }), async (deeds) => {
      const url = `file:${join(folder, `${randomUUID()}.db`)}`
      await migrate(url, join(import.meta.dirname, '../../prisma/sqlite/migrations'), () => {})
      const both = []
      for (const one of [url, await freshDatabase()])
        both.push(
          await withDb(one, async (db) => ({
            codes: await runAll(db, await openBooks(db), deeds),
            ...(await stateOf(db)),
          })),
        )
      expect(both[0]).toEqual(both[1])
    }),
    { numRuns: times(4, 2000) },
  )
}, 36_000_000)
