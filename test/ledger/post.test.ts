import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Db, Tx } from '../../server/core/db'
import { issuanceAccount, systemAccount } from '../../server/ledger/accounts'
import { commitmentsOf, leafOf } from '../../server/ledger/leaf'
import { recoveryIdOf } from '../../server/ledger/order'
import { type Draft, post, postEach, postHoldEach, voidHoldEach } from '../../server/ledger/post'
import { earnedBefore } from '../../server/ledger/queries'
import { lock, write } from '../../server/ledger/write'
import { instantOf } from '../../shared/core/time'
import { MILLI_POINTS_MAX } from '../../shared/ledger/rules'
import { codesOf, NOON, newBooks, rowsOf } from './books'

describe('posting', () => {
  test('what is earned comes from issuance, and all of it sums to zero', async () => {
    const { db, issuance, earn, open, post, balance, sumOf } = await newBooks()
    const [li, wang] = [await open(), await open()]

    await post(earn(li, 13_000n), earn(wang, 6_000n), earn(li, 500n))

    expect(await balance(li)).toEqual({ posted: 13_500n, pending: 0n })
    expect(await balance(wang)).toEqual({ posted: 6_000n, pending: 0n })
    expect(await sumOf(issuance)).toBe(-19_500n)
    const chain = await db.ledgerEntry.findMany({ where: { accountId: li }, orderBy: { accountSeq: 'asc' } })
    expect(chain.map((one) => [one.accountSeq, one.balanceAfterMilliPoints])).toEqual([
      [1, 13_000n],
      [2, 13_500n],
    ])
  })

  test('the same visit is paid once: asked again it is refused, and nothing is written', async () => {
    const { db, earn, open, post, balance } = await newBooks()
    const li = await open()
    const refId = randomUUID()
    await post(earn(li, 1000n, { refId }))
    const before = await rowsOf(db)

    expect(await codesOf([post(earn(li, 1000n, { refId }))])).toEqual(['ALREADY_POSTED'])

    expect(await rowsOf(db)).toEqual(before)
    expect((await balance(li)).posted).toBe(1000n)
  })

  test('asked ten times at once, one is posted', async () => {
    const { earn, open, post, balance } = await newBooks()
    const li = await open()
    const refId = randomUUID()

    const codes = await codesOf(Array.from({ length: 10 }, () => post(earn(li, 1000n, { refId }))))

    expect(codes.filter((code) => code === '')).toHaveLength(1)
    expect(new Set(codes.filter((code) => code !== ''))).toEqual(new Set(['ALREADY_POSTED']))
    expect((await balance(li)).posted).toBe(1000n)
  })

  test('one visit asked for eight helpers at once is paid to one of them', async () => {
    const { db, earn, open, post } = await newBooks()
    const refId = randomUUID()
    const helpers = []
    for (let place = 0; place < 8; place++) helpers.push(await open())

    const codes = await codesOf(helpers.map((one) => post(earn(one, 1000n, { refId }))))

    expect(codes.sort()).toEqual(['', ...Array.from({ length: 7 }, () => 'ALREADY_POSTED')])
    expect(await rowsOf(db)).toEqual({ transactions: 1, entries: 2 })
  })

  test('nobody spends more than there is, not even on the way to a balance that would suffice', async () => {
    const { draft, due, earn, member, post, balance } = await newBooks()
    const li = await member(5000n)
    const spend = (milliPoints: bigint) =>
      draft({
        kind: 'GRANT',
        refType: 'test',
        postings: moved(li, due, milliPoints),
      })

    expect(await codesOf([post(spend(5001n)), post(spend(6000n), earn(li, 2000n))])).toEqual([
      'POINTS_NOT_ENOUGH',
      'POINTS_NOT_ENOUGH',
    ])
    await post(earn(li, 2000n), spend(6000n))

    expect((await balance(li)).posted).toBe(1000n)
  })

  test('50 who spend one balance at once never bring it below zero', async () => {
    const { draft, due, member, post, balance, sumOf } = await newBooks()
    const li = await member(10_000n)
    const spend = () =>
      draft({
        kind: 'GRANT',
        refType: 'test',
        postings: moved(li, due, 1000n),
      })

    const codes = await codesOf(Array.from({ length: 50 }, () => post(spend())))

    expect(codes.filter((code) => code === '')).toHaveLength(10)
    expect(codes.filter((code) => code === 'POINTS_NOT_ENOUGH')).toHaveLength(40)
    expect(await balance(li)).toEqual({ posted: 0n, pending: 0n })
    expect(await sumOf(due)).toBe(10_000n)
  })

  test('two who give to each other at once do not wait for ever', async () => {
    const { draft, member, post, balance } = await newBooks()
    const [li, wang] = [await member(50_000n), await member(50_000n)]
    const gift = (from: string, to: string) =>
      draft({
        kind: 'GIFT',
        refType: 'test',
        postings: moved(from, to, 100n),
      })

    const codes = await codesOf(
      Array.from({ length: 40 }, (_, no) => post(no % 2 === 0 ? gift(li, wang) : gift(wang, li))),
    )

    expect(codes.every((code) => code === '')).toBe(true)
    expect((await balance(li)).posted).toBe(50_000n)
  })

  test('points of two programmes never mix; nothing empty, lopsided or without an account is posted', async () => {
    const { draft, issuance, open, post, earn, db } = await newBooks()
    const [li, foreign, closed] = [await open(), await open('member', randomUUID()), await open()]
    await db.ledgerAccount.update({ where: { id: closed }, data: { closedAt: new Date(0) } })
    const move = (to: string, milliPoints: bigint, from = -milliPoints) =>
      draft({
        postings: [
          { accountId: issuance, milliPoints: from },
          { accountId: to, milliPoints },
        ],
      })

    const full = earn(li, 1000n)
    const withNothing = { ...full, postings: [...full.postings, { accountId: closed, milliPoints: 0n }] }
    const codes = await codesOf([
      post(move(foreign, 1000n)),
      post(move(li, 0n)),
      post(draft({ postings: [] })),
      post(withNothing),
      post(move(li, 1000n, -999n)),
      post(move(randomUUID(), 1000n)),
      post(earn(closed, 1000n)),
    ])

    expect(codes).toEqual([
      'PROGRAMME_MIXED',
      ...['AMOUNT', 'AMOUNT', 'AMOUNT'],
      ...['UNBALANCED', 'ACCOUNT_UNKNOWN', 'ACCOUNT_CLOSED'],
    ])
    expect(await rowsOf(db)).toEqual({ transactions: 0, entries: 0 })
  })

  test('a part of an order that is more than a posting may move is refused with all of it', async () => {
    const { draft, issuance, open, post, hold, balance } = await newBooks()
    const [li, wang] = [await open(), await open()]
    const of = (accountId: string, milliPoints: bigint) => ({ accountId, milliPoints })
    const tooMuchOut = [of(issuance, -MILLI_POINTS_MAX - 1n), of(li, MILLI_POINTS_MAX), of(wang, 1n)]
    const tooMuchIn = [of(issuance, -MILLI_POINTS_MAX), of(issuance, -1n), of(li, MILLI_POINTS_MAX + 1n)]
    const most = [of(issuance, -MILLI_POINTS_MAX), of(issuance, -1n), of(li, MILLI_POINTS_MAX), of(wang, 1n)]
    const refused = [tooMuchOut, tooMuchIn].map((postings) => post(draft({ postings })))
    expect(await codesOf([...refused, hold(li, MILLI_POINTS_MAX + 1n)])).toEqual(['AMOUNT', 'AMOUNT', 'AMOUNT'])

    await post(draft({ postings: most }))

    expect((await balance(li)).posted).toBe(MILLI_POINTS_MAX)
  })

  test('the limit holds at each posting of an order, in their order', async () => {
    const { draft, due, issuance, member, post, balance } = await newBooks()
    const li = await member(1000n)
    const move = (...amounts: bigint[]) =>
      draft({
        refType: 'test',
        postings: amounts.flatMap((milliPoints) => [
          { accountId: li, milliPoints },
          { accountId: milliPoints < 0n ? due : issuance, milliPoints: -milliPoints },
        ]),
      })
    const refused = [move(-1500n, 2000n, -100n), move(-600n, -600n), move(500n, -1501n)]
    expect(await codesOf(refused.map((one) => post(one)))).toEqual(refused.map(() => 'POINTS_NOT_ENOUGH'))

    await post(move(500n, -1500n))

    expect((await balance(li)).posted).toBe(0n)
  })

  test('an id that another transaction has is refused, in one list too', async () => {
    const { earn, open, post, balance } = await newBooks()
    const li = await open()
    const [first, second] = [earn(li, 1000n), earn(li, 10n)]
    await post(first)
    const twin = earn(li, 20n, { id: second.id })
    expect(await codesOf([post(earn(li, 5n, { id: first.id })), post(second, twin)])).toEqual([
      'ALREADY_POSTED',
      'ALREADY_POSTED',
    ])
    expect((await balance(li)).posted).toBe(1000n)
  })

  test('a visit is paid by the programme or by the elder, never by both; what is no visit may be both', async () => {
    const { draft, earn, member, open, post, reverse, balance } = await newBooks()
    const [elder, helper] = [await member(5000n), await open()]
    const pay = (refId: string, more: Partial<Draft> = {}) =>
      draft({
        ...{ kind: 'PAY', refId, ...more },
        postings: moved(elder, helper, 100n),
      })
    const [given, paid, both] = [randomUUID(), randomUUID(), randomUUID()]
    const award = earn(helper, 100n, { refId: given })
    await post(award, pay(paid))
    expect(
      await codesOf([
        post(pay(given)),
        post(earn(helper, 100n, { refId: paid })),
        post(pay(both), earn(helper, 100n, { refId: both })),
      ]),
    ).toEqual(['ALREADY_POSTED', 'ALREADY_POSTED', 'ALREADY_POSTED'])

    await reverse(award.id)
    await post(pay(given, { revision: 1 }))
    await post(earn(helper, 100n, { refId: given, kind: 'GRANT' }))
    const elsewhere = { refType: 'test', refId: both }
    await post(pay(both, elsewhere), earn(helper, 100n, elsewhere))

    expect((await balance(helper)).posted).toBe(500n)
  })

  test('a visit the elder paid may be paid by the programme once that is reversed, as its next revision', async () => {
    const { draft, earn, member, open, post, reverse, balance } = await newBooks()
    const [elder, helper] = [await member(100n), await open()]
    const paid = draft({
      kind: 'PAY',
      postings: moved(elder, helper, 100n),
    })
    await post(paid)
    const award = earn(helper, 70n, { refId: paid.refId, revision: 1 })
    expect(await codesOf([post(award)])).toEqual(['ALREADY_POSTED'])
    await reverse(paid.id)
    await post(award)
    expect((await balance(helper)).posted).toBe(70n)
  })

  test('a refused draft takes the whole list with it', async () => {
    const { db, earn, open, post, draft, due } = await newBooks()
    const [li, wang] = [await open(), await open()]
    const spend = draft({
      kind: 'GRANT',
      postings: moved(wang, due, 1n),
    })

    expect(await codesOf([post(earn(li, 1000n), spend)])).toEqual(['POINTS_NOT_ENOUGH'])

    expect(await rowsOf(db)).toEqual({ transactions: 0, entries: 0 })
  })

  test('the account of a programme is opened once, however many ask at once', async () => {
    const { db } = await newBooks()
    const programmeId = randomUUID()
    const ids = await Promise.all(
      Array.from({ length: 8 }, () => db.$transaction((tx) => issuanceAccount(tx, programmeId))),
    )
    expect(new Set(ids).size).toBe(1)
  })
})

describe('a list', () => {
  test('of nothing, or of accounts that nobody names, asks the database nothing', async () => {
    expect(await postEach({} as Tx, [], NOON)).toEqual([])
    expect(await write({} as Tx, [], NOON)).toEqual([])
    expect(await lock({} as Tx, [])).toEqual(new Map())
  })

  test('of which everything is refused writes nothing, and says why of each', async () => {
    const { db, earn } = await newBooks()
    const drafts = [earn(randomUUID(), 1n), earn(randomUUID(), 1n)]
    const outcomes = await db.$transaction((tx) => postEach(tx, drafts, NOON))
    expect(outcomes).toEqual(['ACCOUNT_UNKNOWN', 'ACCOUNT_UNKNOWN'])
    expect(await rowsOf(db)).toEqual({ transactions: 0, entries: 0 })
  })

  test('says of a second one with the same id that it is there, and writes the first', async () => {
    const { db, earn, open, balance } = await newBooks()
    const li = await open()
    const first = earn(li, 10n)
    const drafts = [first, earn(li, 20n, { id: first.id })]
    expect(await db.$transaction((tx) => postEach(tx, drafts, NOON))).toEqual([null, 'ALREADY_POSTED'])
    expect((await balance(li)).posted).toBe(10n)
  })

  test('resolves a hold once, whether it is taken or voided', async () => {
    const { db, due, hold, member, balance } = await newBooks()
    const li = await member(1000n)
    const [taken, voided] = [await hold(li, 300n), await hold(li, 200n)]
    const ask = (holdId: string) => ({ id: randomUUID(), byId: 'test', happenedAt: NOON, explanation: {}, holdId })
    const takes = [taken, taken].map((one) => ({ ...ask(one), to: due }))

    const outcomes = await db.$transaction(async (tx) => [
      await postHoldEach(tx, takes, NOON),
      await voidHoldEach(tx, [voided, voided].map(ask), NOON),
    ])

    expect(outcomes.flat()).toEqual([null, 'HOLD_RESOLVED', null, 'HOLD_RESOLVED'])
    expect(await balance(li)).toEqual({ posted: 700n, pending: 0n })
  })

  test('opens an account to owe from for what may be owed only: who merely names one is refused', async () => {
    const { db, draft, due, earn, member, post } = await newBooks()
    const [li, wang] = [await member(1000n), await member(1000n)]
    const move = (from: string, to: string) =>
      draft({
        kind: 'GIFT',
        refType: 'test',
        postings: moved(from, to, 100n),
      })
    const ask = (...orders: Parameters<typeof write>[1]) => db.$transaction((tx) => write(tx, orders, NOON))
    expect(await codesOf([post(move(li, recoveryIdOf(li)))])).toEqual(['ACCOUNT_UNKNOWN'])
    expect(await ask({ ...move(li, wang), mayOwe: true }, earn(recoveryIdOf(wang), 1n))).toEqual([
      ...[null, 'ACCOUNT_UNKNOWN'],
    ])
    expect(await db.ledgerAccount.count({ where: { kind: 'recovery' } })).toBe(0)

    const owed = { ...move(li, due), postings: move(li, due).postings.map(tenTimes), mayOwe: true as const }
    expect(await ask(owed, earn(recoveryIdOf(li), 30n))).toEqual([null, null])

    const recovery = await db.ledgerAccount.findUniqueOrThrow({ where: { id: recoveryIdOf(li) } })
    expect([recovery.postedMilliPoints, recovery.seq]).toEqual([-70n, 2])
  })
})

describe('what is kept of a transaction', () => {
  test('only what is stored is counted, and only what holds points has lots that are ever over', async () => {
    const { db, draft, due, earn, issuance, open, post } = await newBooks()
    const li = await open()
    const lasting = (one: Draft) => ({ ...one, postings: one.postings.map((each) => ({ ...each, expiresAt: NOON })) })
    await post(lasting(earn(li, 100n)))
    const spent = moved(li, due, 40n)
    await post(lasting(draft({ kind: 'GRANT', postings: spent })))

    const entries = await db.ledgerEntry.findMany()
    const of = (accountId: string) =>
      entries
        .filter((one) => one.accountId === accountId)
        .map((one) => [one.accountSeq, one.balanceAfterMilliPoints, one.lotMilliPoints, one.lotExpiresAt])
    expect(of(issuance)).toEqual([[null, null, null, null]])
    expect(of(due)).toEqual([[1, 40n, null, null]])
    expect(of(li)).toContainEqual([1, 100n, 100n, NOON])
    expect(of(li)).toContainEqual([2, 60n, 0n, null])
    const { postedMilliPoints, seq } = await db.ledgerAccount.findUniqueOrThrow({ where: { id: issuance } })
    expect([postedMilliPoints, seq]).toEqual([0n, 0])
  })

  test('what moves between accounts that are added up changes no counter', async () => {
    const { db, draft, issuance, programmeId, post, sumOf } = await newBooks()
    const expired = await db.$transaction((tx) => systemAccount(tx, programmeId, 'expired'))
    await post(
      draft({
        postings: moved(issuance, expired, 5n),
      }),
    )
    expect(await sumOf(expired)).toBe(5n)
    const counted = await db.ledgerAccount.findMany({ where: { OR: [{ seq: { not: 0 } }, { lotsFrom: { not: 1 } }] } })
    expect(counted).toEqual([])
  })

  test('a debit that names its lot takes from that one, however old the others are', async () => {
    const { db, draft, due, earn, open, post } = await newBooks()
    const li = await open()
    const [first, second] = [earn(li, 100n), earn(li, 100n)]
    await post(first, second)
    const from = [{ transactionId: second.id, no: 2, milliPoints: 60n }]
    const postings = [
      { accountId: li, milliPoints: -60n, from },
      { accountId: due, milliPoints: 60n },
    ]
    await post(draft({ kind: 'GRANT', postings }))
    const uses = await db.ledgerLotUse.findMany()
    expect(uses.map((one) => [one.lotTransactionId, one.leftMilliPoints])).toEqual([[second.id, 40n]])
  })

  test('an account that is counted though its kind is only added up, or the other way, is not written to', async () => {
    const { db, earn, programmeId, open, post } = await newBooks()
    const wrong = { ...(await db.ledgerAccount.findUniqueOrThrow({ where: { id: await open() } })), programmeId }
    for (const one of [
      { kind: 'member', stored: false },
      { kind: 'expired', stored: true },
    ] as const) {
      const { id } = await db.ledgerAccount.create({ data: { ...wrong, ...one, id: randomUUID() } })
      await expect(post(earn(id, 1n))).rejects.toThrow(`no account ${id}`)
    }
  })

  test('a salt that is taken is not given twice: all is refused', async () => {
    const { db, earn, open, post } = await newBooks()
    const draft = earn(await open(), 1n)
    await db.ledgerSalt.create({ data: { transactionId: draft.id, salt: 'test' } })
    expect(await codesOf([post(draft)])).toEqual(['ALREADY_POSTED'])
    expect(await rowsOf(db)).toEqual({ transactions: 0, entries: 0 })
  })

  test('is the text of its rows, with what it took from lots and who did it and why under its salt', async () => {
    const { db, earn, hold, member, post, postHold, reverse } = await newBooks()
    const li = await member(1000n)
    const earned = earn(li, 500n, { explanation: { why: 'test' } })
    const expiresAt = instantOf('2027-01-01', '00:00')
    await post({ ...earned, postings: earned.postings.map((one) => ({ ...one, expiresAt })) })
    await postHold(await hold(li, 1200n))
    await reverse(earned.id)

    const salts = new Map((await db.ledgerSalt.findMany()).map((one) => [one.transactionId, one.salt]))
    const entries = { orderBy: { no: 'asc' as const } }
    const written = await db.ledgerTransaction.findMany({ include: { entries } })
    expect(written.map((one) => one.kind).sort()).toEqual(['ADVANCE', 'EARN', 'EARN', 'HOLD', 'POST', 'REVERSE'])
    for (const one of written) {
      const uses = await db.ledgerLotUse.findMany({ where: { transactionId: one.id } })
      const salt = salts.get(one.id) ?? ''
      expect(salt).toMatch(/^[0-9a-f]{32,}$/)
      expect(one.leaf).toBe(leafOf(one, uses, commitmentsOf(one, salt)))
    }
    expect(new Set(salts.values()).size).toBe(6)
    const found = (kind: string) => written.find((one) => one.kind === kind)
    expect(found('HOLD')).toMatchObject({ entryCount: 0, heldAccountId: li, heldMilliPoints: 1200n, resolves: null })
    expect(found('POST')).toMatchObject({ entryCount: 2, resolves: found('HOLD')?.id, heldUntil: null, byId: 'test' })
    expect(found('REVERSE')).toMatchObject({ reverses: earned.id, refType: 'transaction', explanation: '{}' })
  })
})

describe('holding', () => {
  test('what is held can’t be spent, moves when posted, and is free again when voided', async () => {
    const { hold, member, postHold, voidHold, balance, sumOf, due } = await newBooks()
    const li = await member(10_000n)
    const [first, second] = [await hold(li, 6000n), await hold(li, 4000n)]
    expect(await balance(li)).toEqual({ posted: 10_000n, pending: 10_000n })
    expect(await codesOf([hold(li, 1n)])).toEqual(['POINTS_NOT_ENOUGH'])

    await postHold(first)
    await voidHold(second)

    expect(await balance(li)).toEqual({ posted: 4000n, pending: 0n })
    expect(await sumOf(due)).toBe(6000n)
  })

  test('less than was held may be taken, more may not', async () => {
    const { hold, member, postHold, balance } = await newBooks()
    const li = await member(10_000n)
    const held = await hold(li, 6000n)

    const refused = [6001n, 0n, -1n].map((milliPoints) => postHold(held, { milliPoints }))
    expect(await codesOf(refused)).toEqual(['AMOUNT', 'AMOUNT', 'AMOUNT'])
    await postHold(held, { milliPoints: 2500n })

    expect(await balance(li)).toEqual({ posted: 7500n, pending: 0n })
  })

  test('of post and void at once exactly one happens', async () => {
    const { hold, member, postHold, voidHold, balance, sumOf, due } = await newBooks()
    const li = await member(10_000n)
    const held = await hold(li, 6000n)
    await hold(li, 4000n) // another one is open, so that the counter alone would allow a second resolution

    const codes = await codesOf(Array.from({ length: 12 }, (_, no) => (no % 2 === 0 ? postHold(held) : voidHold(held))))

    expect(codes.filter((code) => code === '')).toHaveLength(1)
    expect(new Set(codes.filter((code) => code !== ''))).toEqual(new Set(['HOLD_RESOLVED']))
    const posted = await sumOf(due)
    expect(await balance(li)).toEqual({ posted: 10_000n - posted, pending: 4000n })
  })

  test('a hold whose time is over can only be voided', async () => {
    const { hold, member, postHold, voidHold, balance } = await newBooks()
    const li = await member(10_000n)
    const held = await hold(li, 6000n, { until: instantOf('2026-11-22', '13:00') })

    expect(await codesOf([postHold(held, { happenedAt: instantOf('2026-11-22', '13:01') })])).toEqual(['HOLD_EXPIRED'])
    await voidHold(held)

    expect(await balance(li)).toEqual({ posted: 10_000n, pending: 0n })
  })

  test('at the very instant it ends a hold is still taken', async () => {
    const { hold, member, postHold, balance } = await newBooks()
    const li = await member(10_000n)

    await postHold(await hold(li, 6000n, { until: NOON }), { happenedAt: NOON })

    expect(await balance(li)).toEqual({ posted: 4000n, pending: 0n })
  })

  test('what is closed, of another programme or a mere sum has nothing to hold', async () => {
    const { hold, open, issuance, db } = await newBooks()
    const [closed, foreign] = [await open(), await open('member', randomUUID())]
    await db.ledgerAccount.update({ where: { id: closed }, data: { closedAt: NOON } })
    expect(await codesOf([hold(closed, 1n), hold(foreign, 1n), hold(randomUUID(), 1n)])).toEqual([
      ...['ACCOUNT_CLOSED', 'PROGRAMME_MIXED', 'ACCOUNT_UNKNOWN'],
    ])
    await expect(hold(issuance, 1n)).rejects.toThrow('a derived account has nothing to hold')
  })

  test('nothing is held of nothing, and only a hold is resolved', async () => {
    const { hold, member, postHold, voidHold, db } = await newBooks()
    const li = await member(1000n)
    const earned = await db.ledgerTransaction.findFirstOrThrow()
    const resolved = [postHold(earned.id), postHold(randomUUID()), voidHold(earned.id), voidHold(randomUUID())]
    expect(await codesOf([hold(li, 0n), ...resolved])).toEqual(['AMOUNT', ...resolved.map(() => 'NOT_FOUND')])
    expect(await codesOf([hold(li, -1n)])).toEqual(['AMOUNT'])
  })
})

describe('reversing', () => {
  test('a reversal is the exact negation, and makes room for the next revision', async () => {
    const { db, earn, open, post, reverse, balance } = await newBooks()
    const li = await open()
    const first = earn(li, 13_000n)
    await post(first)
    expect(await codesOf([post(earn(li, 9000n, { refId: first.refId, revision: 1 }))])).toEqual(['ALREADY_POSTED'])

    await reverse(first.id)
    await post(earn(li, 9000n, { refId: first.refId, revision: 1 }))

    expect((await balance(li)).posted).toBe(9000n)
    expect((await db.ledgerTransaction.findMany()).map((one) => one.kind).sort()).toEqual(['EARN', 'EARN', 'REVERSE'])
  })

  test('a later revision follows the one before it, which is reversed; none comes a second time or is left out', async () => {
    const { earn, open, post, reverse, balance } = await newBooks()
    const li = await open()
    const refId = randomUUID()
    const revise = (revision: number, milliPoints: bigint) => earn(li, milliPoints, { refId, revision })
    expect(await codesOf([post(revise(1, 10n))])).toEqual(['ALREADY_POSTED'])
    const first = revise(0, 100n)
    await post(first)
    await reverse(first.id)
    expect(await codesOf([post(revise(0, 10n)), post(revise(2, 10n))])).toEqual(['ALREADY_POSTED', 'ALREADY_POSTED'])

    await post(revise(1, 200n))

    expect(await codesOf([post(revise(1, 10n)), post(revise(2, 10n))])).toEqual(['ALREADY_POSTED', 'ALREADY_POSTED'])
    expect((await balance(li)).posted).toBe(200n)
  })

  test('who can give it back owes nothing, and gets no account to owe from', async () => {
    const { db, earn, member, post, reverse, balance } = await newBooks()
    const li = await member(1n)
    const mistake = earn(li, 1000n)
    await post(mistake)
    await reverse(mistake.id)
    expect((await balance(li)).posted).toBe(1n)
    expect(await db.ledgerAccount.count({ where: { kind: 'recovery' } })).toBe(0)
  })

  test('mistakes of one member that are taken back at once are owed in one account', async () => {
    const { db, earn, open, post, reverse, balance, hold, postHold } = await newBooks()
    const li = await open()
    const mistakes = Array.from({ length: 4 }, () => earn(li, 100n))
    await post(...mistakes)
    await postHold(await hold(li, 400n))

    const codes = await codesOf(mistakes.map((one) => reverse(one.id)))

    expect(codes).toEqual(['', '', '', ''])
    expect((await balance(li)).posted).toBe(0n)
    const owed = await db.ledgerAccount.findMany({ where: { kind: 'recovery' } })
    expect(owed.map((one) => [one.postedMilliPoints, one.seq])).toEqual([[-400n, 4]])
  })

  test('what came in two parts is advanced as far as both together are missing', async () => {
    const { db, draft, issuance, open, post, reverse, balance, hold, postHold } = await newBooks()
    const li = await open()
    const twice = draft({
      postings: [
        { accountId: issuance, milliPoints: -200n },
        { accountId: li, milliPoints: 100n },
        { accountId: li, milliPoints: 100n },
      ],
    })
    await post(twice)
    await postHold(await hold(li, 150n))
    await reverse(twice.id)
    expect(await balance(li)).toEqual({ posted: 0n, pending: 0n })
    const recovery = await db.ledgerAccount.findFirstOrThrow({ where: { kind: 'recovery' } })
    expect([recovery.postedMilliPoints, recovery.seq]).toEqual([-150n, 1])
  })

  test('nothing is reversed twice, a reversal never, and what moved nothing neither', async () => {
    const { db, earn, open, post, reverse, hold } = await newBooks()
    const li = await open()
    const first = earn(li, 13_000n)
    await post(first)
    const held = await hold(li, 1000n)

    const codes = await codesOf(Array.from({ length: 6 }, () => reverse(first.id)))
    expect(codes.filter((code) => code === '')).toHaveLength(1)
    expect(new Set(codes.filter((code) => code !== ''))).toEqual(new Set(['ALREADY_REVERSED']))

    const reversal = await db.ledgerTransaction.findFirstOrThrow({ where: { kind: 'REVERSE' } })
    expect(await codesOf([reverse(reversal.id), reverse(held), reverse(randomUUID())])).toEqual([
      'NOT_REVERSIBLE',
      'NOT_REVERSIBLE',
      'NOT_FOUND',
    ])
  })

  test('whatever a second reversal refers to, it is refused', async () => {
    const { db, draft, earn, member, open, post, reverse } = await newBooks()
    const [li, wang] = [await open(), await member(5n)]
    const mistake = earn(li, 5n)
    await post(mistake)
    await reverse(mistake.id)
    const postings = moved(wang, li, 5n)
    const again = { ...draft({ kind: 'REVERSE', refType: 'test', postings }), reverses: mistake.id }
    expect(await db.$transaction((tx) => write(tx, [again], NOON))).toEqual(['ALREADY_REVERSED'])
  })

  test('who has spent it owes it: the shortfall is advanced, and the balance stays at zero', async () => {
    const { db, earn, open, post, reverse, balance, draft, due, hold } = await newBooks()
    const li = await open()
    const first = earn(li, 13_000n)
    await post(
      first,
      earn(li, 1000n),
      draft({
        kind: 'GRANT',
        postings: moved(li, due, 8000n),
      }),
    )
    await hold(li, 2000n)

    await reverse(first.id)

    expect(await balance(li)).toEqual({ posted: 2000n, pending: 2000n })
    const recovery = await db.ledgerAccount.findFirstOrThrow({ where: { kind: 'recovery' } })
    expect(recovery.postedMilliPoints).toBe(-9000n)
    const { kind } = await db.ledgerTransaction.findFirstOrThrow({
      where: { entries: { some: { accountId: recovery.id } } },
    })
    expect(kind).toBe('ADVANCE')
  })
})

describe('what was earned before', () => {
  test('is net of the Shanghai day and month it was earned in, without what was reversed since', async () => {
    const { db, earn, open, reverse } = await newBooks()
    const li = await open()
    const late = earn(li, 100n, { happenedAt: instantOf('2026-11-22', '23:59') })
    await postAtNight(
      db,
      late,
      earn(li, 2000n, { happenedAt: instantOf('2026-11-22', '00:00') }),
      earn(li, 30_000n, { happenedAt: instantOf('2026-11-21', '23:59') }),
      earn(li, 400_000n, { happenedAt: instantOf('2026-11-01', '00:00') }),
      earn(li, 5_000_000n, { happenedAt: instantOf('2026-10-31', '23:59') }),
    )
    expect(await earnedBefore(db, li, '2026-11-22')).toEqual({
      dayMilliPoints: 2100n,
      monthMilliPoints: 432_100n,
      balanceMilliPoints: 5_432_100n,
    })

    await reverse(late.id)

    expect(await earnedBefore(db, li, '2026-11-22')).toEqual({
      dayMilliPoints: 2000n,
      monthMilliPoints: 432_000n,
      balanceMilliPoints: 5_432_000n,
    })
  })
})

/** From one account to another. */
const moved = (from: string, to: string, milliPoints: bigint) => [
  { accountId: from, milliPoints: -milliPoints },
  { accountId: to, milliPoints },
]

const tenTimes = <P extends { milliPoints: bigint }>(one: P): P => ({ ...one, milliPoints: one.milliPoints * 10n })

const postAtNight = (db: Db, ...drafts: Draft[]) =>
  db.$transaction((tx) => post(tx, drafts, instantOf('2026-11-23', '00:00')))
