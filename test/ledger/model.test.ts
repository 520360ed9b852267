// The books against the model: whatever is done in whatever order; whatever is done at once; and the same on both databases.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { type Db, openDb, transact } from '../../server/core/db'
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
import { newSeed, times } from '../support/long'
import { codesOf, NOON } from './books'
import { type Deed, deed, expected, type Model, newModel, PEOPLE, postedOf } from './model'

const DAY = 86_400
/** So many lists of deeds go into one database, each with a programme and people of its own, and are audited together. */
const TOGETHER = 50
/** No list lasts longer: forty nights, and what is earned in the last of them is over three days later. */
const LONGEST_DAYS = 50
const idOf = (...names: (string | number)[]) => idFrom(...names.map(String))
type Names = { hold: (place: number) => string; moved: (place: number) => string; freeze: (place: number) => string }

/**
 * Three people in one programme, all ids given: the same deeds leave the same rows on every database. Of the lists of one
 * database each takes place before all earlier ones, so that its nights find nothing of theirs that is over.
 */
async function openBooks(db: Db, no: number) {
  const programmeId = idOf(no, 'programme')
  const people = Array.from({ length: PEOPLE }, (_, place) => idOf(no, 'person', place))
  return transact(db, async (tx) => {
    await openAccounts(
      tx,
      people.map((id) => ({ id, programmeId, kind: 'member' as const, openedAt: NOON })),
    )
    return {
      programmeId,
      noon: addSeconds(NOON, -no * LONGEST_DAYS * DAY),
      person: (place: number) => people[place] ?? '',
      idOf: (place: number) => idOf(no, 'deed', place),
      issuance: await issuanceAccount(tx, programmeId),
      due: await systemAccount(tx, programmeId, 'redemptionDue'),
      frozen: await systemAccount(tx, programmeId, 'frozen'),
      expired: await systemAccount(tx, programmeId, 'expired'),
    }
  })
}
type Books = Awaited<ReturnType<typeof openBooks>>

/** Does on the books what the model was told. Answers the refusal, or ''. */
async function done(db: Db, books: Books, names: Names, day: number, one: Deed, id: string): Promise<string> {
  const { programmeId, person, noon } = books
  const at = addSeconds(noon, day * DAY)
  const by = { id, byId: 'test', explanation: { formula: one.kind } }
  const move = (kind: string, from: string, to: string, milliPoints: bigint, expiresAt: Date | null = null) => {
    const postings = [
      { accountId: from, milliPoints: -milliPoints },
      { accountId: to, milliPoints, expiresAt },
    ]
    const reference = { programmeId, kind, refType: 'test', refId: id, revision: 0, happenedAt: at }
    return transact(db, (tx) => post(tx, [{ ...by, ...reference, postings }], at))
  }
  const work = (): Promise<unknown> => {
    switch (one.kind) {
      case 'earn':
        return move(
          'EARN',
          books.issuance,
          person(one.who),
          one.amount,
          one.days === 0 ? null : addSeconds(noon, (day + one.days) * DAY),
        )
      case 'give':
        return move('GIFT', person(one.who), person(one.to), one.amount)
      case 'hold': {
        const held = { programmeId, accountId: person(one.who), milliPoints: one.amount }
        const reference = { refType: 'redemption', refId: id, until: addSeconds(noon, 400 * DAY), happenedAt: at }
        return transact(db, (tx) => hold(tx, { ...by, ...held, ...reference }, at))
      }
      case 'freeze': {
        const reference = { refType: 'test', refId: id, milliPoints: one.amount, happenedAt: at }
        return transact(db, (tx) => freeze(tx, { ...by, ...reference, from: person(one.who) }, at))
      }
      case 'unfreeze':
        return transact(db, (tx) => unfreeze(tx, { ...by, transactionId: names.freeze(one.which) }, at))
      case 'postHold':
        return transact(db, async (tx) => {
          const held = await tx.ledgerTransaction.findUnique({ where: { id: names.hold(one.which) } })
          const milliPoints = ((held?.heldMilliPoints ?? 0n) * one.percent) / 100n
          const ask = { holdId: names.hold(one.which), to: books.due, milliPoints, happenedAt: at }
          await postHold(tx, { ...by, ...ask }, at)
        })
      case 'voidHold':
        return transact(db, (tx) => voidHold(tx, { ...by, holdId: names.hold(one.which), happenedAt: at }, at))
      case 'reverse':
        return transact(db, (tx) => reverse(tx, { ...by, transactionId: names.moved(one.which) }, at))
      case 'night':
        return transact(db, (tx) => expire(tx, '', addSeconds(at, DAY)))
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
async function stateOf(db: Db, { programmeId, person }: Books) {
  const of = { where: { programmeId }, orderBy: { id: 'asc' as const } }
  const accounts = await db.ledgerAccount.findMany(of)
  const transactions = await db.ledgerTransaction.findMany({ ...of, select: { leaf: true } })
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
  const { programmeId, person } = books
  const accounts = await db.ledgerAccount.findMany({ where: { programmeId } })
  const balance = (id: string) => accounts.find((one) => one.id === id)?.postedMilliPoints
  for (let place = 0; place < PEOPLE; place++) {
    const account = accounts.find((one) => one.id === person(place))
    expect([account?.postedMilliPoints, account?.pendingMilliPoints]).toEqual([
      postedOf(model, place),
      model.pending[place],
    ])
    const open = (await openLotsOf(db, person(place))).map((lot) => lot.milliPoints)
    expect(open).toEqual(model.lots[place]?.map((lot) => lot.left).filter((left) => left !== 0n))
  }
  expect([balance(books.due), balance(books.frozen)]).toEqual([model.due, model.frozen])
  const owed = accounts.reduce((sum, one) => sum - (one.kind === 'recovery' ? one.postedMilliPoints : 0n), 0n)
  const [sums] = await db.$queryRaw<{ expired: bigint }[]>`
    SELECT CAST(COALESCE(SUM("amountMilliPoints"), 0) AS BIGINT) AS "expired" FROM ledger_entry WHERE "accountId" = ${books.expired}`
  expect([owed, BigInt(sums?.expired ?? 0)]).toEqual([model.owed, model.expired])
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

const expectRight = async (db: Db) => expect((await auditLedger(db)).problem).toBeNull()

/** What is tried on the databases of one turn: of the test's own alone, or of both. */
type Where = { make: () => Promise<string[]> }
type Try<T> = (dbs: readonly Db[], no: number, given: T) => Promise<void>
const HERE: Where = { make: async () => [await freshDatabase()] }

async function onDatabases<T>({ make }: Where, work: (dbs: readonly Db[]) => Promise<T>): Promise<T> {
  const open = (urls: readonly string[], dbs: readonly Db[]): Promise<T> => {
    const [url, ...rest] = urls
    return url === undefined ? work(dbs) : withDb(url, (db) => open(rest, [...dbs, db]))
  }
  return open(await make(), [])
}

/**
 * Tries a property with many lists of deeds in one database, audited once when they are through. Where something is wrong, each of
 * them is tried again alone in a database of its own and audited there, so that what is wrong is found, and made small.
 */
async function assertTogether<T>(
  arbitrary: fc.Arbitrary<T>,
  attempt: Try<T>,
  { numRuns, examples = [], where = HERE }: { numRuns: number; examples?: [T][]; where?: Where },
): Promise<void> {
  const first = newSeed()
  for (let tried = 0; tried < numRuns; tried += TOGETHER) {
    const ask = {
      seed: (first + tried) | 0,
      numRuns: Math.min(TOGETHER, numRuns - tried),
      ...(tried === 0 ? { examples } : {}),
    }
    const wrong = await onDatabases(where, async (dbs) => {
      let no = 0
      const together = fc.asyncProperty(arbitrary, (given) => attempt(dbs, no++, given))
      const result = await fc.check(together, { ...ask, endOnFailure: true })
      if (result.failed) return fc.defaultReportMessage(result) ?? 'failed'
      for (const db of dbs) {
        const { problem } = await auditLedger(db)
        if (problem !== null) return JSON.stringify(problem)
      }
      return null
    })
    if (wrong === null) continue
    const alone = fc.asyncProperty(arbitrary, (given) =>
      onDatabases(where, async (dbs) => {
        await attempt(dbs, 0, given)
        for (const db of dbs) await expectRight(db)
      }),
    )
    await fc.assert(alone, ask)
    throw new Error(`wrong in company only, with MULIN_SEED=${ask.seed}: ${wrong}`)
  }
}

async function runAll(db: Db, books: Books, deeds: readonly Deed[]): Promise<string[]> {
  const model = newModel()
  const codes: string[] = []
  for (const [place, one] of deeds.entries()) {
    const id = books.idOf(place)
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
  await assertTogether(
    fc.array(deed, { minLength: 5, maxLength: 40 }),
    async ([db], no, deeds) => {
      if (db !== undefined) await runAll(db, await openBooks(db, no), deeds)
    },
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
      const id = real.books.idOf(real.asked++)
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
  await assertTogether(
    fc.tuple(fc.scheduler(), commands),
    async ([db], no, [scheduler, asked]) => {
      if (db === undefined) return
      const books = await openBooks(db, no)
      const [model, turn] = [newModel(), Promise.resolve()]
      const real: Real = { db, books, scheduler, asked: 0, answered: new Set(), turn }
      await fc.scheduledModelRun(scheduler, () => ({ model, real }), asked)
      await scheduler.waitIdle()
      await real.turn
      await expectSame(db, books, model)
    },
    { numRuns: times(8, 20_000) },
  )
}, 36_000_000)

test('whatever is done at once, nobody is below zero and the books stay right', async () => {
  await assertTogether(
    fc.array(deed, { minLength: 10, maxLength: 30 }),
    async ([db], no, deeds) => {
      if (db === undefined) return
      const books = await openBooks(db, no)
      const model = newModel()
      const before: Deed[] = [0, 1, 2].flatMap((who): Deed[] => [
        { kind: 'earn', who, amount: 4000n, days: 1 },
        { kind: 'hold', who, amount: 1000n },
        { kind: 'freeze', who, amount: 500n },
      ])
      for (const [place, one] of before.entries()) {
        await done(db, books, namesIn(model), 0, one, books.idOf(place))
        expected(model, one, books.idOf(place))
      }

      await Promise.all(deeds.map((one) => done(db, books, namesIn(model), 0, one, randomUUID())))
    },
    { numRuns: times(4, 2000) },
  )
}, 36_000_000)

test('the same deeds leave the same refusals, balances, lots and leaves on SQLite and PostgreSQL', async () => {
  if (provider() !== 'postgresql') return
  const folder = mkdtempSync(join(tmpdir(), 'mulin-both-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const make = async () => {
    const url = `file:${join(folder, `${randomUUID()}.db`)}`
    await migrate(url, join(import.meta.dirname, '../../prisma/sqlite/migrations'), () => {})
    return [url, await freshDatabase()]
  }
  await assertTogether(
    fc.array(deed, { minLength: 10, maxLength: 40 }),
    async (dbs, no, deeds) => {
      const both = []
      for (const db of dbs) {
        const books = await openBooks(db, no)
        both.push({ codes: await runAll(db, books, deeds), ...(await stateOf(db, books)) })
      }
      expect(both[0]).toEqual(both[1])
    },
    { numRuns: times(4, 2000), where: { make } },
  )
}, 36_000_000)
