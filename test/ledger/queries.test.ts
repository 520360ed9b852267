// What the books answer: what somebody has, had and owes, and who was given a balance of another system.
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { systemAccount } from '../../server/ledger/accounts'
import { type Draft, post } from '../../server/ledger/post'
import { accountsImported, balanceBefore, balanceOf, balancesOf, owingSince } from '../../server/ledger/queries'
import { askFor, decideOn } from '../../server/ledger/request'
import { addSeconds } from '../../shared/core/time'
import { type Books, NOON, newBooks } from './books'

const later = (seconds: number) => addSeconds(NOON, seconds)
const postAt = ({ db }: Books, draft: Draft, at: Date) => db.$transaction((tx) => post(tx, [draft], at))

test('somebody has what was posted, less what is held; who has no account has nothing', async () => {
  const books = await newBooks()
  const [li, wang] = [await books.member(1000n), await books.member(50n)]
  await books.hold(li, 300n)
  const [of, nothing] = [
    { postedMilliPoints: 1000n, heldMilliPoints: 300n, availableMilliPoints: 700n },
    { postedMilliPoints: 0n, heldMilliPoints: 0n, availableMilliPoints: 0n },
  ]
  expect(await balanceOf(books.db, li)).toEqual(of)
  expect([await balanceOf(books.db, null), await balanceOf(books.db, randomUUID())]).toEqual([nothing, nothing])
  const balances = await balancesOf(books.db, [li, wang, randomUUID()])
  expect([...balances.keys()].sort()).toEqual([li, wang].sort())
  expect([balances.get(li), balances.get(wang)?.availableMilliPoints]).toEqual([of, 50n])
})

test('what was there before an instant goes by when it was written, not by when it happened', async () => {
  const books = await newBooks()
  const [li, wang] = [await books.open(), await books.open()]
  await postAt(books, books.earn(li, 100n), NOON)
  await postAt(books, books.earn(wang, 5000n), NOON)
  await postAt(books, books.earn(li, 20n, { happenedAt: later(-3600) }), later(60))
  const before = (id: string) =>
    Promise.all([NOON, later(1), later(60), later(61)].map((at) => balanceBefore(books.db, id, at)))
  expect(await before(li)).toEqual([0n, 100n, 100n, 120n])
  expect(await before(books.issuance)).toEqual([0n, -5100n, -5100n, -5120n])
  expect(await before(randomUUID())).toEqual([0n, 0n, 0n, 0n])
})

test('who owes has owed since it was last zero; who owes nothing, or was never asked for, is not named', async () => {
  const books = await newBooks()
  const [li, wang, zhao] = [await books.open('recovery'), await books.open('recovery'), await books.open('recovery')]
  const helper = await books.open()
  const owe = (id: string, milliPoints: bigint, seconds: number) =>
    postAt(
      books,
      books.draft({
        kind: 'ADVANCE',
        postings: [
          { accountId: id, milliPoints: -milliPoints },
          { accountId: helper, milliPoints },
        ],
      }),
      later(seconds),
    )
  await owe(li, 100n, 0)
  await owe(wang, 100n, 0)
  await owe(zhao, 100n, 0)
  await owe(li, -100n, 60)
  await owe(wang, -100n, 60)
  await owe(li, 40n, 120)
  await owe(li, 10n, 180)
  expect(await owingSince(books.db, [li, wang, randomUUID()])).toEqual(new Map([[li, later(120)]]))
  expect(await owingSince(books.db, [])).toEqual(new Map())
})

test('a balance of another system was given where its list was agreed to, or waits for the second person', async () => {
  const books = await newBooks()
  const elsewhere: string = randomUUID()
  const list = async (programmeId: string, decision: 'approve' | 'reject' | null) => {
    const id = randomUUID()
    const accountId = await books.open('member', programmeId)
    const line = { accountId, milliPoints: '100', expiresAt: null, happenedAt: NOON.toISOString(), source: '1' }
    await books.db.$transaction(async (tx) => {
      const request = {
        ...{ id, programmeId, kind: 'IMPORT', accountId: await systemAccount(tx, programmeId, 'suspense') },
        ...{ milliPoints: 100n, transactionId: null, otherAccountId: null, detail: JSON.stringify([line]) },
        ...{ reason: '旧系统', evidenceHash: null, beneficiaryId: null, regionPath: '/1/', askedById: 'clerk' },
      }
      await askFor(tx, request, NOON)
      if (decision !== null) await decideOn(tx, { requestId: id, byId: 'boss', decision, reason: '' }, NOON)
    })
    return accountId
  }
  const [done, waiting] = [await list(books.programmeId, 'approve'), await list(books.programmeId, null)]
  await list(books.programmeId, 'reject')
  const there = [await list(elsewhere, 'approve'), await list(elsewhere, null)]
  await books.post(books.earn(await books.open(), 10n)) // earned, not brought along

  expect((await accountsImported(books.db, [books.programmeId, null])).sort()).toEqual([done, waiting].sort())
  expect((await accountsImported(books.db, [elsewhere])).sort()).toEqual(there.sort())
  expect(await accountsImported(books.db, [null])).toEqual([])
})
