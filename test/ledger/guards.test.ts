// The guards of prisma/guards, by raw SQL: whoever writes, through whatever door.
import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type Db, Prisma, type Tx } from '../../server/core/db'
import { provider } from '../support/database'
import { newWorld } from '../support/world'
import { NOON, newBooks } from './books'
import { type Entry, give, rawPost, refusal } from './raw'

describe('the books, written by raw SQL', () => {
  test('a whole transaction is accepted', async () => {
    const books = await newBooks()
    const li = await books.open()
    const entries = [
      { accountId: books.issuance, amount: -500n },
      { accountId: li, amount: 500n, seq: 1, after: 500n },
    ]
    expect(await refusal(rawPost(books, entries, {}, (tx) => give(tx, li, 500n)))).toBe('done')
  })

  test.each([
    ['entries that do not sum to zero', -400n, 2, 500n, 1],
    ['a header that counts other entries', -500n, 3, 500n, 1],
    ['a chain with a gap', -500n, 2, 500n, 2],
    ['a balance that does not follow', -500n, 2, 501n, 1],
  ])('%s can’t be committed', async (_, debit, entryCount, after, seq) => {
    const books = await newBooks()
    const li = await books.open()
    const entries = [
      { accountId: books.issuance, amount: debit },
      { accountId: li, amount: 500n, seq, after },
    ]
    expect(await refusal(rawPost(books, entries, { entryCount }, (tx) => give(tx, li, 500n)))).not.toBe('done')
    expect(await books.db.ledgerEntry.count()).toBe(0)
    expect((await books.balance(li)).posted).toBe(0n)
  })

  test('entries without a header can’t be committed', async () => {
    const { db, programmeId, issuance, open } = await newBooks()
    const li = await open()
    const work = db.$transaction(async (tx) => {
      await give(tx, li, 500n)
      await tx.ledgerEntry.createMany({
        data: [
          { transactionId: 'none', no: 1, programmeId, accountId: issuance, amountMilliPoints: -500n },
          {
            transactionId: 'none',
            no: 2,
            programmeId,
            accountId: li,
            accountSeq: 1,
            amountMilliPoints: 500n,
            balanceAfterMilliPoints: 500n,
            lotMilliPoints: 500n,
          },
        ],
      })
    })
    expect(await refusal(work)).not.toBe('done')
    expect(await db.ledgerEntry.count()).toBe(0)
  })

  test('an account that does not say what its entries say can’t be committed', async () => {
    const books = await newBooks()
    const li = await books.open()
    const entries = [
      { accountId: books.issuance, amount: -500n },
      { accountId: li, amount: 500n, seq: 1, after: 500n },
    ]
    expect(await refusal(rawPost(books, entries))).toContain('does not say what its entries say')
    expect(await refusal(rawPost(books, entries, {}, (tx) => give(tx, li, 700n)))).toContain(
      'does not say what its entries say',
    )
  })

  test('a closed transaction can’t grow', async () => {
    const books = await newBooks()
    const li = await books.member(500n)
    const { id } = await books.db.ledgerTransaction.findFirstOrThrow()
    const work = books.db.ledgerEntry.create({
      data: {
        transactionId: id,
        no: 3,
        programmeId: books.programmeId,
        accountId: li,
        accountSeq: 2,
        amountMilliPoints: 1n,
        balanceAfterMilliPoints: 501n,
        lotMilliPoints: 1n,
      },
    })
    expect(await refusal(work)).not.toBe('done')
    expect(await books.db.ledgerEntry.count()).toBe(2)
  })

  test('an account of another programme can’t take part, and a derived one has no sequence', async () => {
    const books = await newBooks()
    const [foreign, li] = [await books.open('member', randomUUID()), await books.open()]
    const mixed = [
      { accountId: books.issuance, amount: -5n },
      { accountId: foreign, amount: 5n, seq: 1, after: 5n },
    ]
    const numbered = [
      { accountId: books.issuance, amount: -5n, seq: 1, after: -5n },
      { accountId: li, amount: 5n, seq: 1, after: 5n },
    ]
    expect(await refusal(rawPost(books, mixed, {}, (tx) => give(tx, foreign, 5n)))).toContain('programme')
    expect(await refusal(rawPost(books, numbered, {}, (tx) => give(tx, li, 5n)))).toContain('programme')
  })

  test('a visit has at most one award in force: revision 1 needs revision 0 reversed', async () => {
    const books = await newBooks()
    const li = await books.open()
    const first = books.earn(li, 500n)
    await books.post(first)
    const again = [
      { accountId: books.issuance, amount: -500n },
      { accountId: li, amount: 500n, seq: 2, after: 1000n },
    ]
    const twice = rawPost(books, again, { refId: first.refId, revision: 1 }, (tx) => give(tx, li, 500n))
    expect(await refusal(twice)).toContain('the revision before it is not reversed')

    await books.reverse(first.id)
    const third = [
      { accountId: books.issuance, amount: -500n },
      { accountId: li, amount: 500n, seq: 3, after: 500n },
    ]
    expect(await refusal(rawPost(books, third, { refId: first.refId, revision: 1 }, (tx) => give(tx, li, 500n)))).toBe(
      'done',
    )
  })

  test('a reversal must be the exact negation, of something that moved points, and never of a reversal', async () => {
    const books = await newBooks()
    const li = await books.open()
    const first = books.earn(li, 500n)
    await books.post(first)
    const part = [
      { accountId: books.issuance, amount: 400n },
      { accountId: li, amount: -400n, seq: 2, after: 100n },
    ]
    const whole = [
      { accountId: books.issuance, amount: -500n },
      { accountId: li, amount: 500n, seq: 3, after: 500n },
    ]
    expect(
      await refusal(rawPost(books, part, { kind: 'REVERSE', reverses: first.id }, (tx) => give(tx, li, -400n))),
    ).toContain('negates exactly')

    await books.reverse(first.id)
    const reversal = await books.db.ledgerTransaction.findFirstOrThrow({ where: { kind: 'REVERSE' } })
    expect(
      await refusal(rawPost(books, whole, { kind: 'REVERSE', reverses: reversal.id }, (tx) => give(tx, li, 500n))),
    ).toContain('negates exactly')
  })

  test('a hold is resolved once, not after its time, and never for more than was held', async () => {
    const books = await newBooks()
    const li = await books.member(5000n)
    const take = (amount: bigint) => [
      { accountId: li, amount: -amount, seq: 2, after: 5000n - amount },
      { accountId: books.due, amount, seq: 1, after: amount },
    ]
    const counters = (amount: bigint) => async (tx: Tx) => {
      await give(tx, li, -amount)
      await give(tx, books.due, amount)
    }
    const held = await books.hold(li, 600n, { until: new Date(NOON.getTime() + 1000) })
    const late = new Date(NOON.getTime() + 2000)
    expect(await refusal(rawPost(books, take(601n), { kind: 'POST', resolves: held }, counters(601n)))).toContain(
      'takes more than was held',
    )
    expect(
      await refusal(rawPost(books, take(600n), { kind: 'POST', resolves: held, happenedAt: late }, counters(600n))),
    ).toContain('the hold was over')
    await books.voidHold(held)
    expect(await refusal(rawPost(books, take(600n), { kind: 'POST', resolves: held }, counters(600n)))).not.toBe('done')
  })

  test('lots and their uses say what the entries say, and a use needs a lot of its own account', async () => {
    const books = await newBooks()
    const [li, wang] = [await books.member(500n), await books.member(500n)]
    const debit = [
      { accountId: li, amount: -100n, seq: 2, after: 400n, lot: 0n },
      { accountId: books.issuance, amount: 100n },
    ]
    expect(await refusal(rawPost(books, debit, {}, (tx) => give(tx, li, -100n)))).toContain('lots and their uses')
    const lotless = [{ ...debit[0], lot: null }, debit[1]] as Entry[]
    expect(await refusal(rawPost(books, lotless, {}, (tx) => give(tx, li, -100n)))).toContain('hold lots')

    const entries = await books.db.ledgerEntry.findMany({ where: { accountSeq: 1 } })
    const [mine, others] = [li, wang].map((id) => entries.find((one) => one.accountId === id))
    const use = { useNo: 1, no: 1, accountId: li, milliPoints: 1n, leftMilliPoints: 499n }
    const closed = {
      ...use,
      transactionId: mine?.transactionId ?? '',
      lotNo: 2,
      lotTransactionId: mine?.transactionId ?? '',
    }
    const foreign = { ...use, transactionId: randomUUID(), lotNo: 2, lotTransactionId: others?.transactionId ?? '' }
    expect(await refusal(books.db.ledgerLotUse.create({ data: closed }))).not.toBe('done')
    expect(await refusal(books.db.ledgerLotUse.create({ data: foreign }))).not.toBe('done')
    expect(await books.db.ledgerLotUse.count()).toBe(0)
  })

  test('no available balance goes below its limit, whoever changes it', async () => {
    const { db, member, balance } = await newBooks()
    const li = await member(1000n)
    expect(
      await refusal(db.$executeRaw`UPDATE ledger_account SET "postedMilliPoints" = -1 WHERE "id" = ${li}`),
    ).not.toBe('done')
    expect(
      await refusal(db.$executeRaw`UPDATE ledger_account SET "pendingMilliPoints" = 1001 WHERE "id" = ${li}`),
    ).not.toBe('done')
    expect(
      await refusal(db.$executeRaw`UPDATE ledger_account SET "pendingMilliPoints" = -1 WHERE "id" = ${li}`),
    ).not.toBe('done')
    expect(await balance(li)).toEqual({ posted: 1000n, pending: 0n })
  })

  test('kinds, holds and reversals have their form', async () => {
    const books = await newBooks()
    const li = await books.open()
    const entries = [
      { accountId: books.issuance, amount: -5n },
      { accountId: li, amount: 5n, seq: 1, after: 5n },
    ]
    for (const header of [
      { kind: 'WISH' },
      { kind: 'HOLD' },
      { kind: 'REVERSE' },
      { kind: 'POST' },
      { revision: -1 },
      { kind: 'EARN', reverses: randomUUID() },
    ]) {
      expect(await refusal(rawPost(books, entries, header, (tx) => give(tx, li, 5n))), JSON.stringify(header)).not.toBe(
        'done',
      )
    }
    expect(await books.db.ledgerTransaction.count()).toBe(0)
  })
})

/** One row of each append-only table, made by those who own the noun or by hand. */
async function rowsToKeep() {
  const world = await newWorld()
  const { db, places, clock, service } = world
  const [member, elder] = [await world.member(), await world.elder()]
  const visit = await db.visit.create({ data: visitRow(member, service.id, '10:00', '11:00', false) })
  const id = randomUUID()
  const at = clock.now
  const keep = { id, at }
  await db.visitEvidence.create({
    data: { ...keep, visitId: visit.id, phase: 'in', recordedAt: at, method: 'plate', level: 1, boundDevice: false },
  })
  await db.confirmation.create({
    data: {
      ...keep,
      visitId: visit.id,
      revision: 0,
      answer: 'yes',
      how: 'app',
      elderId: elder.id,
      byPersonId: elder.personId,
    },
  })
  await db.visitDecision.create({
    data: {
      ...keep,
      visitId: visit.id,
      revision: 0,
      decision: 'approve',
      reasonCode: 'ok',
      byPersonId: elder.personId,
    },
  })
  const order = await db.order.create({
    data: {
      id,
      elderId: elder.id,
      serviceId: service.id,
      regionId: places.village.id,
      regionPath: places.village.path,
      countyId: places.county.id,
      wantedDay: '2026-11-22',
      wantedTime: 'any',
      state: 'open',
      origin: 'elder',
      askedByPersonId: elder.personId,
      createdAt: at,
      staffFrom: at,
    },
  })
  await db.orderEvent.create({ data: { ...keep, orderId: order.id, kind: 'asked', byPersonId: elder.personId } })
  await db.operationLog.create({
    data: {
      ...keep,
      personId: elder.personId,
      role: 'elder',
      action: 'ask',
      resource: 'order',
      resourceId: id,
      regionPath: places.village.path,
    },
  })
  return world
}

function visitRow(
  member: { id: string; personId: string; regionId: string; regionPath: string; countyId: string },
  serviceId: string,
  from: string,
  to: string,
  counted: boolean,
) {
  const instant = (clock: string) => new Date(`2026-11-22T${clock}:00.000Z`)
  return {
    id: randomUUID(),
    memberId: member.id,
    memberPersonId: member.personId,
    serviceId,
    regionId: member.regionId,
    regionPath: member.regionPath,
    countyId: member.countyId,
    channel: 'inPerson',
    nature: 'volunteer',
    state: 'finished',
    checkInAt: instant(from),
    checkOutAt: instant(to),
    recordedAt: instant(to),
    day: '2026-11-22',
    month: '2026-11',
    servedSeconds: 3600,
    counted,
    level: 1,
    tasksDone: '[]',
    flag: 'clean',
  }
}

describe('what happened stays', () => {
  const world = rowsToKeep
  test('no row of an append-only table is changed, deleted, truncated or replaced', async () => {
    const { db } = await world()
    for (const table of [
      'visit_evidence',
      'confirmation',
      'visit_decision',
      'order_event',
      'operation_log',
      'region_version',
      'scheme',
    ])
      await expectKept(db, table)
  })

  test('neither is anything in the books', async () => {
    const { db, member, hold, postHold } = await newBooks()
    await postHold(await hold(await member(1000n), 500n))
    for (const table of ['ledger_transaction', 'ledger_entry', 'ledger_lot_use']) await expectKept(db, table)
  })

  async function expectKept(db: Db, table: string) {
    const name = Prisma.raw(table)
    const before = await db.$queryRaw`SELECT * FROM ${name}`
    expect(before, table).not.toEqual([])
    const column = Prisma.raw(table.startsWith('ledger_') && table !== 'ledger_transaction' ? '"no"' : '"id"')
    expect(await refusal(db.$executeRaw`UPDATE ${name} SET ${column} = ${column}`), table).toContain('append-only')
    expect(await refusal(db.$executeRaw`DELETE FROM ${name}`), table).toContain('append-only')
    if (provider() === 'sqlite')
      expect(await refusal(db.$executeRaw`INSERT OR REPLACE INTO ${name} SELECT * FROM ${name}`), table).not.toBe(
        'done',
      )
    else expect(await refusal(db.$executeRaw`TRUNCATE ${name} CASCADE`), table).toContain('append-only')
    expect(await db.$queryRaw`SELECT * FROM ${name}`, table).toEqual(before)
  }

  test('a guard is the same error on both databases', async () => {
    const { db } = await world()
    await expect(db.operationLog.deleteMany()).rejects.toMatchObject({ code: 'P2003' })
  })

  test('a database stays what it was born as', async () => {
    const { db } = await world()
    expect(await refusal(db.meta.update({ where: { key: 'kind' }, data: { value: 'live' } }))).not.toBe('done')
    expect(await refusal(db.meta.delete({ where: { key: 'kind' } }))).not.toBe('done')
    if (provider() === 'sqlite')
      expect(await refusal(db.$executeRaw`INSERT OR REPLACE INTO meta VALUES ('kind', 'live')`)).not.toBe('done')
    expect((await db.meta.findUniqueOrThrow({ where: { key: 'kind' } })).value).toBe('demo')
    await db.meta.create({ data: { key: 'other', value: '1' } })
    await db.meta.update({ where: { key: 'other' }, data: { value: '2' } })
  })
})

describe('visits', () => {
  test('two visits of one helper that both count can’t overlap', async () => {
    const world = await newWorld()
    const { db, service } = world
    const [li, zhao] = [await world.member(), await world.member()]
    await db.visit.create({ data: visitRow(li, service.id, '10:00', '11:00', true) })

    expect(await refusal(db.visit.create({ data: visitRow(li, service.id, '10:59', '12:00', true) }))).not.toBe('done')
    expect(await refusal(db.visit.create({ data: visitRow(li, service.id, '10:10', '10:20', true) }))).not.toBe('done')

    await db.visit.create({ data: visitRow(li, service.id, '11:00', '12:00', true) })
    await db.visit.create({ data: visitRow(zhao, service.id, '10:00', '11:00', true) })
    const uncounted = await db.visit.create({ data: visitRow(li, service.id, '10:30', '11:30', false) })
    expect(await refusal(db.visit.update({ where: { id: uncounted.id }, data: { counted: true } }))).not.toBe('done')
    expect(await db.visit.count({ where: { counted: true } })).toBe(3)
  })

  test('of two overlapping visits that finish at once one counts', async () => {
    const world = await newWorld()
    const { db, service } = world
    const li = await world.member()
    const rows = ['10:00', '10:20', '10:40'].map((from) => visitRow(li, service.id, from, '11:00', true))

    const done = await Promise.all(rows.map((data) => refusal(db.visit.create({ data }))))

    expect(done.filter((one) => one === 'done')).toHaveLength(1)
  })
})

describe('the tables themselves', () => {
  test('a category is held once at a time', async () => {
    const world = await newWorld()
    const elder = await world.elder({ categories: ['livingAlone'] })
    const tag = {
      elderId: elder.id,
      category: 'livingAlone',
      validFrom: '2026-02-01',
      byPersonId: elder.personId,
      recordedAt: NOON,
    }
    expect(await refusal(world.db.elderCategory.create({ data: { id: randomUUID(), ...tag } }))).not.toBe('done')
    await world.db.elderCategory.create({ data: { id: randomUUID(), ...tag, validTo: '2026-02-02' } })
  })

  test('on PostgreSQL every path is compared byte by byte', async () => {
    if (provider() !== 'postgresql') return
    const { db } = await newBooks()
    const others = await db.$queryRaw`
      SELECT table_name, column_name FROM information_schema.columns
      WHERE table_schema = 'public' AND column_name IN ('regionPath', 'path') AND collation_name IS DISTINCT FROM 'C'`
    expect(others).toEqual([])
  })
})
